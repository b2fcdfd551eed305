"""What dockerd answers, and what it says of a container under the names of Telegraf's metrics."""
import http.client
import json
import socket

from agent import PATIENCE


class UnixHttp(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("docker", timeout=60 * PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(engine, target):
    connection = UnixHttp(f"{engine.folder}/docker.sock")
    try:
        connection.request("GET", "/v1.41" + target)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def counted(stats):
    """{(metric, label and its value): value} of what only grows."""
    cpu, memory = stats["cpu_stats"], stats["memory_stats"]
    made = {("cpu_usage_total", "cpu-total"): cpu["cpu_usage"]["total_usage"],
            ("cpu_usage_in_usermode", "cpu-total"): cpu["cpu_usage"]["usage_in_usermode"],
            ("cpu_usage_in_kernelmode", "cpu-total"): cpu["cpu_usage"]["usage_in_kernelmode"],
            ("cpu_usage_system", "cpu-total"): cpu["system_cpu_usage"],
            ("cpu_throttling_periods", "cpu-total"): cpu["throttling_data"]["periods"],
            ("cpu_throttling_throttled_periods", "cpu-total"): cpu["throttling_data"]["throttled_periods"],
            ("cpu_throttling_throttled_time", "cpu-total"): cpu["throttling_data"]["throttled_time"]}
    for number, usage in enumerate(cpu["cpu_usage"].get("percpu_usage", [])[:cpu["online_cpus"]]):
        made["cpu_usage_total", f"cpu{number}"] = usage
    for name in ("pgfault", "pgmajfault", "pgpgin", "pgpgout"):
        for key in (name, "total_" + name):
            if key in memory["stats"]:
                made["mem_" + key, None] = memory["stats"][key]
    if memory.get("max_usage"):
        made["mem_max_usage", None] = memory["max_usage"]
    if memory.get("failcnt"):
        made["mem_fail_count", None] = memory["failcnt"]
    total = {}
    for name, figures in stats.get("networks", {}).items():
        for key, value in figures.items():
            made["net_" + key, name] = value
            total[key] = total.get(key, 0) + value
    made.update({("net_" + key, "total"): value for key, value in total.items()})
    return made


def moved(stats):
    """Bytes moved to and from devices, likewise."""
    return {(f"blkio_io_service_bytes_recursive_{one['op'].lower()}", f"{one['major']}:{one['minor']}"): one["value"]
            for one in stats["blkio_stats"]["io_service_bytes_recursive"] or []}


def levels(stats):
    """The same of what goes up and down."""
    memory = stats["memory_stats"]
    made = {("mem_" + key, None): value for key, value in memory["stats"].items()
            if not key.removeprefix("total_").startswith(("pgfault", "pgmajfault", "pgpg"))}
    cache = memory["stats"].get("total_inactive_file", memory["stats"].get("inactive_file", 0))
    used = memory["usage"] - cache if cache < memory["usage"] else memory["usage"]
    made["mem_limit", None] = memory["limit"]
    made["mem_usage", None] = used
    return made
