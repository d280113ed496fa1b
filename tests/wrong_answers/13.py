# %% exercise 1: a point before the milliseconds, as in VTT
# hint: comma before the milliseconds
def subtitles(segments):
    def clock(seconds):
        rest, ms = divmod(round(1000 * seconds), 1000)
        return f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}.{ms:03}"

    return "\n".join(f"{n}\n{clock(a)} --> {clock(b)}\n{text}\n" for n, (a, b, text) in enumerate(segments, 1))


# %% exercise 1: numbers from 0
# hint: number of the first block, 1
def subtitles(segments):
    def clock(seconds):
        rest, ms = divmod(round(1000 * seconds), 1000)
        return f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02},{ms:03}"

    return "\n".join(f"{n}\n{clock(a)} --> {clock(b)}\n{text}\n" for n, (a, b, text) in enumerate(segments))


# %% exercise 1: the minutes run on beyond the hour
# hint: 1 hour, 1 minute
def subtitles(segments):
    def clock(seconds):
        rest, ms = divmod(round(1000 * seconds), 1000)
        return f"00:{rest // 60:02}:{rest % 60:02},{ms:03}"

    return "\n".join(f"{n}\n{clock(a)} --> {clock(b)}\n{text}\n" for n, (a, b, text) in enumerate(segments, 1))


# %% exercise 1: rounded after dividing
# hint: Round once
def subtitles(segments):
    def clock(seconds):
        hour, minute = int(seconds // 3600), int(seconds // 60 % 60)
        return f"{hour:02}:{minute:02}:{seconds % 60:06.3f}".replace(".", ",")

    return "\n".join(f"{n}\n{clock(a)} --> {clock(b)}\n{text}\n" for n, (a, b, text) in enumerate(segments, 1))


# %% exercise 1: no empty line between blocks
# hint: one empty line between
def subtitles(segments):
    def clock(seconds):
        rest, ms = divmod(round(1000 * seconds), 1000)
        return f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02},{ms:03}"

    return "\n".join(f"{n}\n{clock(a)} --> {clock(b)}\n{text}" for n, (a, b, text) in enumerate(segments, 1))


# %% exercise 1: a list of blocks
# hint: join the blocks
def subtitles(segments):
    return [f"{n}\n{start} --> {end}\n{text}\n" for n, (start, end, text) in enumerate(segments, 1)]


# %% exercise 2: the texts as they are
# hint: alike with tidy
def lost(said, important):
    return [phrase for phrase in important if phrase not in said]


# %% exercise 2: parts of words count
# hint: whole words
def lost(said, important):
    return [phrase for phrase in important if " ".join(tidy(phrase)) not in " ".join(tidy(said))]


# %% exercise 2: words in any order
# hint: in one piece
def lost(said, important):
    return [phrase for phrase in important if not set(tidy(phrase)) <= set(tidy(said))]


# %% exercise 2: what was found
# hint: it is lost
def lost(said, important):
    return [phrase for phrase in important if f" {' '.join(tidy(phrase))} " in f" {' '.join(tidy(said))} "]
