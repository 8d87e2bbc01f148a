"""The table of what a hospital's gateway does: documents a second, their cost, time to a phone."""

from benchmarks.tables import Results, number, table


def write(results: Results) -> str:
    """One row for each number of recipients, then how long one document takes."""
    lines = results.of("documents")
    loads = [line for line in lines if "documents_per_second" in line]
    times = [line for line in lines if "median_ms" in line]
    if not lines:
        return "Not measured.\n"
    rows = [
        (
            str(line["case"]),
            number(line["documents_per_second"]),
            number(line["documents_per_cpu_second"]),
            number(line["deliveries_per_second"]),
            f"{number(line['gateway_memory_mib'])} MiB",
        )
        for line in loads
    ]
    head = ("200 kB PDF for", "documents/s", "documents/CPU s", "deliveries/s", "gateway's memory")
    said = [
        "\nFrom the folder to a phone, one document at a time: median"
        f" {number(line['median_ms'])} ms, 99th percentile {number(line['p99_ms'])} ms,"
        f" of {line['documents']}; the folder is looked at every"
        f" {line['folder_looked_at_every_ms']} ms.\n"
        for line in times
    ]
    return table(head, rows) + "".join(said)
