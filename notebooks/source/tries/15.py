# %% any of the forty questions, in the app
for entry in QUESTIONS:
    ask_handbook(entry["question"])
