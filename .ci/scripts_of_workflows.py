"""Writes the scripts of all workflows into a folder, a file each, for shellcheck."""

import pathlib
import sys

from ruamel.yaml import YAML

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for path in pathlib.Path(".github/workflows").glob("*.yml"):
    jobs = YAML(typ="safe").load(path)["jobs"]
    for name, job in jobs.items():
        for number, step in enumerate(job.get("steps", [])):
            if "run" in step:
                script = folder / f"{path.stem}.{name}.{number}.sh"
                # The way the runner starts bash.
                script.write_text("#!/usr/bin/env bash\nset -eo pipefail\n" + step["run"])
