#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every C file is as clang-format leaves it, by .clang-format.

format.py ROOT           checks the C files of all rooms
format.py ROOT --self    shows that it can fail

script/setup --with-test-tools installs the version that tests/lint/tools.txt
names: another version formats otherwise.
"""
import pathlib
import subprocess
import sys

BAD = "int f( void ){return 1;}\n"


def tool(root):
    path = root / "build-tools/bin/clang-format"
    if not path.exists():
        sys.exit(f"{path} is not there: script/setup --with-test-tools")
    return str(path)


def c_files(root):
    tops = [top for top in root.iterdir() if top.is_dir()
            and not top.name.startswith((".", "build"))]
    return sorted(str(path.relative_to(root)) for top in tops
                  for path in top.rglob("*.[ch]")
                  if "node_modules" not in path.parts)


def check(root):
    files = c_files(root)
    done = subprocess.run([tool(root), "--dry-run", "-Werror", *files],
                          cwd=root, capture_output=True, text=True)
    print(done.stderr[-4000:] + f"{len(files)} files; to mend: "
          "git ls-files '*.[ch]' | xargs build-tools/bin/clang-format -i")
    return 1 if done.returncode or not files else 0


def check_self(root):
    done = subprocess.run([tool(root), "--dry-run", "-Werror",
                           "--assume-filename=common/x.c"], cwd=root,
                          input=BAD, capture_output=True, text=True)
    print("it can fail" if done.returncode else "bad format is passed")
    return 0 if done.returncode else 1


if __name__ == "__main__":
    source = pathlib.Path(sys.argv[1])
    sys.exit(check_self(source) if "--self" in sys.argv else check(source))
