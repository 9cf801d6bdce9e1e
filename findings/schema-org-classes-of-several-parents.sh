#!/bin/sh
# msgspec-schemaorg's classes have the words of one parent only where schema.org gives a type several: a HowToStep is a
# CreativeWork, an ItemList and a ListItem, but its class lacks CreativeWork's `text`, without which no step is of use. So it
# refuses the HowToStep of schema.org's own examples. And `from msgspec_schemaorg import models` ends in a RecursionError,
# where `import msgspec_schemaorg.models` works.
# Seen with msgspec-schemaorg 0.2.1, msgspec 0.23.0.
set -eu
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check msgspec-schemaorg==0.2.1 msgspec==0.23.0
"$work/venv/bin/python" - <<'PYTHON'
import msgspec_schemaorg.models as models

step = set(models.HowToStep.__struct_fields__)
print("HowToStep has text:", "text" in step, "| CreativeWork has it:", "text" in models.CreativeWork.__struct_fields__)
try:
    models.HowToStep(name="Switch off", text="Pull the plug out.")
    said = "taken"
except TypeError as error:
    said = f"refused: {error}"
print("a step with text:", said)
assert "text" not in step and said.startswith("refused")
PYTHON
if "$work/venv/bin/python" -c "from msgspec_schemaorg import models" 2>"$work/said"; then exit 1; fi
tail -n 1 "$work/said" | cut -c1-60
grep -q RecursionError "$work/said"
