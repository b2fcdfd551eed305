#!/usr/bin/env python3
"""docs/metrics.md from `hostmeter catalog --json`: metrics.py --rewrite|--check BINARY"""
import json
import pathlib
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parent / "metrics.md"
HEAD = """# Metrics

Every metric of the standard contract, written by `make docs` from `hostmeter catalog`. A metric is there when its source is: what the
kernel or the host lacks is absent, never 0. Container metrics also carry the container labels (`id`, `name`, `image`; in Kubernetes
`namespace`, `pod`, `container`). The last column says whose name it is where it breaks our naming rules.

| name | type | unit | labels | meaning | inherited from |
|---|---|---|---|---|---|
"""


def row(metric):
    labels = metric.get("labels") or []
    if isinstance(labels, str):
        labels = labels.split(",")
    cells = [f"`{metric['name']}`", metric.get("type", metric.get("kind", "")), metric.get("unit", ""),
             ", ".join(f"`{label}`" for label in labels if label), metric["help"],
             "" if metric["origin"] == "ours" else metric["origin"]]
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"


def page(binary):
    out = subprocess.run([binary, "catalog", "--json"], check=True, stdout=subprocess.PIPE, timeout=20).stdout
    catalog = json.loads(out)
    metrics = catalog["metrics"] if isinstance(catalog, dict) else catalog
    return HEAD + "".join(row(metric) for metric in sorted(metrics, key=lambda metric: metric["name"]))


def main(mode, binary):
    if not pathlib.Path(binary).exists():
        print(f"SKIP: {binary} is not built")
        return 77
    if mode == "--rewrite":
        PAGE.write_text(page(binary))
        return 0
    if not PAGE.exists() or PAGE.read_text() != page(binary):
        print(f"{PAGE.name} is stale: make docs")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
