#!/usr/bin/env python3
"""check_docker.sh against engines that answer as Docker does, otherwise, or not at all."""
import os
import shutil
import socket

import scripts
from engine_api import EngineApi, Hang, Raw
from scripts import PATIENCE, SHELLS, Script

NAME = "check_docker.sh"
GONE = "0001-01-01T00:00:00Z"
PER_INSPECTED = ("restarts_total", "started_timestamp_seconds", "finished_timestamp_seconds", "exit_code", "oom_killed", "health")


class DockerScript(Script):
    NAME = NAME

    def setUp(self):
        super().setUp()
        self.socket = str(self.folder / "docker.sock")

    def engine(self):
        engine = EngineApi(self.socket)
        self.addCleanup(engine.close)
        return engine

    def check(self, **more):
        """With more time than a busy machine needs, if MORE does not say otherwise."""
        output = self.run_script(**{"DOCKER_SOCKET": self.socket, "DOCKER_TIME_LIMIT": "40", "DOCKER_TIMEOUT": "10", **more})
        self.assertEqual(0, output.status, output.errors)
        return output

    def assert_down(self, request, reason, **more):
        output = self.check(**more)
        self.assertEqual([("docker_up", {}, 0), ("docker_check_failure_info", {"request": request, "reason": reason}, 1)],
                         output.samples)
        return output

    def failures(self, output):
        return {has["request"]: has["reason"] for has, _ in output.all("docker_check_failure_info")}


class Answers(DockerScript):
    def set_states(self, engine):
        """Of the recorded five: one that ended, one that is restarting, one that is unwell, one never started."""
        for number, state in enumerate(("exited", "restarting", "running", "created")):
            one = engine.containers[number]
            one["State"] = engine.inspect[one["Id"]]["State"]["Status"] = state
        bodies = [engine.inspect[one["Id"]] for one in engine.containers]
        bodies[0]["State"].update(ExitCode=137, OOMKilled=True, FinishedAt="2026-11-22T15:00:00.5+01:00")
        bodies[0]["State"].pop("Health")
        bodies[1].update(RestartCount=7)
        bodies[2]["State"]["Health"] = {"Status": "unhealthy"}
        bodies[3]["State"].update(StartedAt=GONE, Health={"Status": "none"})
        return [one["Names"][0][1:] for one in engine.containers]

    def test_every_figure_in_each_shell(self):
        engine = self.engine()
        ended, restarting, unwell, created, web = self.set_states(engine)
        for shell in SHELLS:
            with self.subTest(shell=shell):
                output = self.check(shell=shell)
                self.assertEqual(1, output.one("docker_up"))
                self.assertEqual({}, self.failures(output))
                self.assertEqual({"created": 1, "running": 2, "paused": 0, "restarting": 1, "removing": 0, "exited": 1, "dead": 0},
                                 {has["state"]: value for has, value in output.all("docker_containers")})
                self.assertEqual({ended: 0, restarting: 0, unwell: 1, created: 0, web: 1},
                                 {has["name"]: value for has, value in output.all("docker_container_running")})
                self.assertEqual({ended: 0, restarting: 7, unwell: 0, created: 0, web: 0},
                                 {has["name"]: value for has, value in output.all("docker_container_restarts_total")})
                self.assertEqual([(unwell, "unhealthy")], [(has["name"], has["status"]) for has, value in
                                                           output.all("docker_container_health") if value])
                self.assertEqual(3, len(output.all("docker_container_health")))
                self.assertEqual([({"name": ended}, 137)], output.all("docker_container_exit_code"))
                self.assertEqual([({"name": ended}, 1)], [one for one in output.all("docker_container_oom_killed") if one[1]])
                self.assertEqual([({"name": ended}, 1795356000)], output.all("docker_container_finished_timestamp_seconds"))
                self.assertEqual(sorted((ended, restarting, unwell, web)),
                                 output.labels("docker_container_started_timestamp_seconds", "name"))
                self.assertEqual(1795357464, output.one("docker_container_started_timestamp_seconds", name=web))
                self.assertEqual(1795357465, output.one("docker_container_created_timestamp_seconds", name=ended))
                self.assertEqual([1795357386] * 5, [
                    value for _, value in output.all("docker_container_image_created_timestamp_seconds")])
                self.assertEqual(["lab/busybox:1.35"], output.labels("docker_container_info", "image", name=web))
                self.assertEqual((1, 0), (output.one("docker_volumes"), output.one("docker_volumes_dangling")))
                self.assertEqual([], output.all("docker_volumes_dangling_bytes"))

    def test_few_requests(self):
        engine = self.engine()
        self.check()
        self.assertEqual(5 + len(engine.containers), len(engine.asked))
        self.assertEqual("/version", engine.asked[0])

    def test_the_version_to_speak(self):
        engine = self.engine()
        for api, least, spoken in (("1.24", "1.12", "1.24"), ("1.51", "1.44", "1.44"), ("1.51", "1.24", "1.41"), ("1.40", None, "1.40")):
            engine.asked.clear()
            engine.answers["/version"] = {"Version": "x", "ApiVersion": api} | ({"MinAPIVersion": least} if least else {})
            self.assertEqual([spoken], self.check().labels("docker_engine_info", "api_version"))
            self.assertEqual({f"/v{spoken}"}, {path[:6] for path in engine.asked[1:]})

    def test_an_engine_with_nothing(self):
        engine = self.engine()
        engine.containers = []
        engine.answers.update({"/images/json": [], "/volumes": {"Volumes": [], "Warnings": None}})
        output = self.check()
        self.assertEqual({}, self.failures(output))
        self.assertEqual(0, sum(value for _, value in output.all("docker_containers")))
        self.assertEqual(7, len(output.all("docker_containers")))
        self.assertEqual(0, output.one("docker_volumes"))

    def test_bytes_of_volumes_when_asked_for(self):
        engine = self.engine()
        for use in ({"RefCount": 0, "Size": 4096}, {"RefCount": 0, "Size": -1}, None):
            engine.answers["/system/df"]["Volumes"].append({"Name": "x", "UsageData": use})
        self.assertEqual(4096, self.check(DOCKER_VOLUME_SIZES="1").one("docker_volumes_dangling_bytes"))

    def test_no_more_than_may_be(self):
        engine = self.engine()
        output = self.check(DOCKER_MAX_CONTAINERS="2")
        self.assertEqual(sorted(one["Names"][0][1:] for one in engine.containers[:2]), output.labels("docker_container_info", "name"))
        self.assertEqual(3, output.one("docker_containers_beyond_limit"))
        self.assertEqual(5, sum(value for _, value in output.all("docker_containers")))
        self.assertEqual(5 + 2, len(engine.asked))

    def test_odd_words_of_an_engine(self):
        engine = self.engine()
        one, two, three, four, _ = engine.containers
        one.update(Names=["/a/alias", '/q"\\\n'], State="configured", Image='x"y\\z\nü')
        two.update(Names=None)
        three.update(Names=["/same"], Created=None)
        four.update(Names=["/same"])
        output = self.check()
        self.assertEqual(sorted([r'q\"\\\n', two["Id"][:12], "same", "web1"]), output.labels("docker_container_info", "name"))
        self.assertEqual([r'x\"y\\z\nü'], output.labels("docker_container_info", "image", state="configured"))
        self.assertEqual(1, output.one("docker_containers", state="configured"))

    def test_only_who_may_write_to_the_socket(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        self.engine()
        self.folder.chmod(0o755)
        self.tmp.chmod(0o777)
        os.chmod(self.socket, 0o600)
        as_nobody = dict(path=shutil.copy(scripts.FOLDER / NAME, self.folder),
                         prefix=["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"])
        self.assert_down("version", "denied", **as_nobody)
        os.chmod(self.socket, 0o666)
        self.assertEqual(1, self.check(**as_nobody).one("docker_up"))


class Failures(DockerScript):
    def test_there_is_no_engine(self):
        for shell in SHELLS:
            self.assert_down("version", "no_socket", shell=shell)
        with open(self.socket, "w"):
            self.assert_down("version", "not_a_socket")
        os.unlink(self.socket)
        with socket.socket(socket.AF_UNIX) as nobody_listens:
            nobody_listens.bind(self.socket)
        for shell in SHELLS:
            self.assert_down("version", "refused", shell=shell)

    def test_what_every_run_needs(self):
        engine = self.engine()
        good = dict(engine.answers)
        for path, request in (("/version", "version"), ("/containers/json", "containers")):
            for answer, reason in (
                    (500, "http_error"), (404, "http_error"), ("{", "bad_answer"), ("", "bad_answer"), ([], "bad_answer"),
                    ({"a": 1}, "bad_answer"), ([{"Id": 5}], "bad_answer"), ({"ApiVersion": "x"}, "bad_answer"),
                    (Raw(b"\0\xff garbage"), "bad_answer"), (Raw(b""), "bad_answer"),
                    (Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), "bad_answer"), ("x" * (9 << 20), "too_large")):
                if request == "containers" and answer == []:
                    continue
                with self.subTest(request=request, answer=answer[:40] if isinstance(answer, (str, bytes)) else answer):
                    engine.answers = good | {path: answer}
                    self.assert_down(request, reason)

    def test_an_engine_that_hangs(self):
        engine = self.engine()
        good = dict(engine.answers)
        for shell in SHELLS:
            for path, request in (("/version", "version"), ("/containers/json", "containers")):
                engine.answers = good | {path: Hang}
                output = self.assert_down(request, "timeout", shell=shell, DOCKER_TIMEOUT="1")
                self.assertLess(output.seconds, 20 * PATIENCE)

    def test_all_that_can_hang_does(self):
        engine = self.engine()
        engine.answers.update({"/images/json": Hang, "/volumes": Hang})
        engine.inspect = dict.fromkeys(engine.inspect, Hang)
        for shell in SHELLS:
            output = self.check(shell=shell, DOCKER_TIME_LIMIT="6", DOCKER_TIMEOUT="3")
            self.assertLess(output.seconds, 20 * PATIENCE)
            self.assertEqual(dict.fromkeys(("inspect", "images", "volumes", "dangling"), "timeout"), self.failures(output))
            self.assertEqual(4, output.one("docker_containers", state="running"))
            self.assertEqual(5, output.one("docker_containers_not_inspected"))

    def test_one_failure_costs_its_own_figures(self):
        engine = self.engine()
        good = dict(engine.answers)
        for path, requests, names in (
                ("/images/json", ["images"], ["docker_container_image_created_timestamp_seconds"]),
                ("/volumes", ["volumes", "dangling"], ["docker_volumes", "docker_volumes_dangling"])):
            for answer, reason in ((500, "http_error"), ("[1", "bad_answer"), (Raw(b"x"), "bad_answer"), ("7", "bad_answer")):
                engine.answers = good | {path: answer}
                output = self.check()
                self.assertEqual(dict.fromkeys(requests, reason), self.failures(output))
                for name in names:
                    self.assertEqual([], output.all(name))
                self.assertEqual(5, len(output.all("docker_container_restarts_total")))

    def test_one_container_costs_its_own_figures(self):
        engine = self.engine()
        number = engine.containers[2]["Id"]
        name = engine.containers[2]["Names"][0][1:]
        for answer, reason in ((Hang, "timeout"), (500, "http_error"), ("{}", "bad_answer"), ('{"Id":', "bad_answer")):
            with self.subTest(answer=answer):
                engine.inspect[number] = answer
                output = self.check()
                self.assertEqual({"inspect": reason}, self.failures(output))
                self.assertEqual(1, output.one("docker_containers_not_inspected"))
                self.assertEqual(1, output.one("docker_container_running", name=name))
                for suffix in PER_INSPECTED:
                    self.assertEqual([], output.all(f"docker_container_{suffix}", name=name))
                self.assertEqual(4, len(output.all("docker_container_restarts_total")))

    def test_a_container_that_went_meanwhile_is_no_failure(self):
        engine = self.engine()
        del engine.inspect[engine.containers[1]["Id"]]
        output = self.check()
        self.assertEqual({}, self.failures(output))
        self.assertEqual(0, output.one("docker_containers_not_inspected"))
        self.assertEqual(4, len(output.all("docker_container_restarts_total")))

    def test_an_old_curl_that_does_not_tell_its_exit_status(self):
        engine = self.engine()
        engine.answers.update({"/images/json": 500, "/volumes": Hang})
        engine.inspect[engine.containers[0]["Id"]] = '{"Id":'
        old = self.folder / "old"
        old.mkdir()
        (old / "curl").write_text(f"""#!/bin/sh
for word; do
  shift
  case $word in
    *exitcode*) word="${{word%%%\\{{exitcode*}}${{word#*exitcode\\}}}}" ;;
  esac
  set -- "$@" "$word"
done
exec {shutil.which("curl")} "$@"
""")
        (old / "curl").chmod(0o755)
        output = self.check(tools=f"{old}:{os.environ['PATH']}", DOCKER_TIMEOUT="2")
        self.assertEqual({"images": "http_error", "volumes": "timeout", "dangling": "timeout", "inspect": "bad_answer"},
                         self.failures(output))
        self.assertEqual(4, len(output.all("docker_container_restarts_total")))

    def test_nothing_to_ask_with(self):
        for why, more in (("jq is missing", {"tools": self.tools_without("jq")}), ("DOCKER_HOST is not unix://", {"DOCKER_HOST": "tcp://h:1"}),
                          ("'0' is not a whole number from 1 to 999999", {"DOCKER_TIMEOUT": "0"})):
            output = self.run_script(**more)
            self.assertEqual((1, "", f"check_docker.sh: {why}\n"), (output.status, output.text, output.errors))

    def test_the_socket_of_docker_host(self):
        self.engine()
        self.assertEqual(1, self.run_script(DOCKER_HOST=f"unix://{self.socket}").one("docker_up"))


if __name__ == "__main__":
    scripts.need_scripts("curl", "jq")
    scripts.main()
