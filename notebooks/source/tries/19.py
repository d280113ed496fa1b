# %% other questions to the agent, and a person who says no
assert send("What do three nights in row C cost, with electricity?").answer.startswith("Three nights in row C cost €103.50")
assert "18:15" in send("When does the last ferry to Saint Brigid leave on a Friday?").answer
assert "17:30" in send("When does the last ferry to Saint Brigid leave on a Saturday?").answer
for name in ("Page and sum", "Statistics"):
    assert "not allowed" in agent(f"{QUESTIONS[name]} Be brief.", says_no).answer

# %% the team with fewer rounds, and with a note that was repaired
assert len(team(NOTES["Winter timetable"], rounds=1).drafts) == 2
assert not team(NOTES["Gate"].replace("to wed 2 dec, paint", "to tue 1 dec, paint")).reviews[0].problems

# %% any question of the file, in every way
for one in KNOWN:
    search(one["question"], way="words")

# %% first messages that the chat box does not offer
for message in ("Hello!", "Is the museum open on Fridays?", "What does the ferry cost?"):
    [said] = walk([message])
    assert not doubts(said)

# %% the words that were spoken, instead of those that were heard
assert "thirty-one" in think(SAID["A berth"])

# %% the assistant, greeted and asked for a product
for typed in (["Hello!"], ["Hi!"], ["hello"], ["hi"], ["What is 12 * 12?", "/cost"]):
    assert "was not answered" not in scripts.rehearse("v8_whole.py", *typed, folder=OUT)
