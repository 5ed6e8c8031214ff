#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The laws of docs/style.md that need no compiler: banned words, functions of
at most 70 lines, lines of at most 80 columns, no struct typedefs.

style.py ROOT           checks the rooms
style.py ROOT --self    shows that each law can fail
"""
import pathlib
import re
import sys

ROOMS = "common model lua server judge reports client warp runner".split()
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 80

# word (as a call), the word instead, files that may use it
BANNED = [
    (r"(malloc|calloc|realloc|reallocarray|strdup|strndup|free)", "alloc_*",
     {"common/alloc.c"}),
    (r"(atoi|atol|strtol|strtoul|strtoll|strtoull|sscanf)", "text_to_int",
     {"common/text.c"}),
    (r"(gettimeofday|time|clock_gettime)", "clock_now_ns",
     {"common/clock.c"}),
    (r"(sleep|usleep|nanosleep|clock_nanosleep)", "a timer in the loop",
     set()),
    (r"(rand|random|srand|drand48)", "rng_*", set()),
    (r"(strcpy|strcat|sprintf|vsprintf|gets)", "bytes_*, snprintf", set()),
    (r"exit", "return", {"runner/main.c", "client/cli/main.c"}),
]


def without_comments_and_strings(text):
    """The code alone, line for line."""
    pattern = re.compile(
        r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
        re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def banned_words(name, code):
    for words, instead, allowed in BANNED:
        if name in allowed:
            continue
        for found in re.finditer(r"(?<![\w.>])" + words + r"\s*\(", code):
            line = code.count("\n", 0, found.start()) + 1
            yield f"{name}:{line}: {found.group().strip()}...): use {instead}"


# word (anywhere in the code), the word instead, files that may use it
# The first ones had words of their own, and now have the field's.
RETIRED = ("seen fate duty told taken outgoing reply pace errand patience armed "
           "birth").replace(" ", "|")
UNUSED = [
    (rf"struct ({RETIRED})", "the table of names in docs/style.md", set()),
    (rf"({RETIRED})_[a-z]\w*(?=\()", "the table of names in docs/style.md",
     set()),
    (r"E(AGAIN|WOULDBLOCK)", "io_would_block()",
     {"common/io.c", "common/err.c", "runner/proof/peer_tls.c",
      "server/keys/folder.c"}),
]


def unused_words(name, code):
    for word, instead, allowed in UNUSED:
        for found in re.finditer(r"(?<!-)\b" + word + r"\b", code):
            line = code.count("\n", 0, found.start()) + 1
            if name not in allowed:
                yield f"{name}:{line}: {found.group()}: use {instead}"


def long_functions(name, code):
    start = None
    for number, line in enumerate(code.split("\n"), 1):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start is not None:
            length = number - start + 1
            if length > FUNCTION_LINES_MAX:
                yield (f"{name}:{start}: a function of {length} lines "
                       f"(at most {FUNCTION_LINES_MAX})")
            start = None


def other_laws(name, text, code):
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > COLUMNS_MAX:
            yield f"{name}:{number}: {len(line)} columns (at most 80)"
        if "\t" in line:
            yield f"{name}:{number}: a tab"
    for found in re.finditer(r"typedef\s+(struct|union|enum)", code):
        line = code.count("\n", 0, found.start()) + 1
        yield f"{name}:{line}: a typedef of a {found.group(1)}"


def complaints(name, text):
    code = without_comments_and_strings(text)
    yield from banned_words(name, code)
    yield from unused_words(name, code)
    yield from long_functions(name, code)
    yield from other_laws(name, text, code)


def check_rooms(root):
    found = []
    files = 0
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.[ch]")):
            files += 1
            name = str(path.relative_to(root))
            found += complaints(name, path.read_text())
    print("\n".join(found + [f"{files} files, {len(found)} complaints"]))
    return 1 if found or files == 0 else 0


def check_self():
    bad = {
        "a banned word": "int f(void)\n{\n    return atoi(x);\n}\n",
        "a long function": "int f(void)\n{\n" + "    x();\n" * 80 + "}\n",
        "a long line": "/* " + "x" * 90 + " */\n",
        "a typedef": "typedef struct x x;\n",
        "a tab": "\tint x;\n",
        "a word that has another": "struct fate fate;\n",
        "such a function": "int f(void)\n{\n    return pace_of(1);\n}\n",
        "an errno of its own": "int f(void)\n{\n    return EAGAIN;\n}\n",
        "an exit": "void f(void)\n{\n    exit(1);\n}\n",
    }
    good = 'int f(void)\n{\n    g("malloc(1)"); /* free() */\n}\n'
    missed = [law for law, text in bad.items()
              if not list(complaints("room/x.c", text))]
    if list(complaints("room/x.c", good)):
        missed.append("right code is blamed")
    print("\n".join(missed) or "each law can fail")
    return 1 if missed else 0


if __name__ == "__main__":
    if "--self" in sys.argv:
        sys.exit(check_self())
    sys.exit(check_rooms(pathlib.Path(sys.argv[1])))
