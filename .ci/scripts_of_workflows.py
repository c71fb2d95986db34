"""Writes the scripts of all workflows and actions into a folder, a file each, for shellcheck."""

import pathlib
import sys

from ruamel.yaml import YAML

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def write(name, steps):
    for number, step in enumerate(steps):
        if "run" in step:
            # The way the runner starts bash.
            script = "#!/usr/bin/env bash\nset -eo pipefail\n" + step["run"]
            (folder / f"{name}.{number}.sh").write_text(script)


github = pathlib.Path(".github")
for path in github.glob("workflows/*.yml"):
    for name, job in YAML(typ="safe").load(path)["jobs"].items():
        write(f"{path.stem}.{name}", job.get("steps", []))
for path in github.glob("actions/*/action.yml"):
    write(f"action.{path.parent.name}", YAML(typ="safe").load(path)["runs"]["steps"])
