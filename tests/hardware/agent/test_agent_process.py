"""The agent as a process, beside a server and a printer that are processes too."""

import stat

from tests.hardware.agent.kiosk import YESTERDAY, Kiosk, until

from turnero_hardware.agent import state


def all_printed(kiosk: Kiosk) -> bool:
    return kiosk.states() == {"printed"}


def test_it_prints_in_order_and_says_how_it_is(kiosk: Kiosk) -> None:
    kiosk.slips("T-1", "T-2", "T-3")

    until(lambda: all_printed(kiosk), "three slips")
    until(lambda: len(kiosk.on_paper()) == 3, "three slips on paper")

    assert kiosk.on_paper() == ["T-1", "T-2", "T-3"]
    until(lambda: kiosk.known_paper() == "ok", "the printer's paper")
    said = kiosk.run("agent", "status", "--state", str(kiosk.machine))
    assert said.returncode == 0, said.stderr
    printer = "printer     hall: ready to print, enough paper"
    for words in ("agent       running", "answer      200", printer):
        assert words in said.stdout
    listed = kiosk.run("device", "list").stdout
    assert "hall\tagent\tHall\tok" in listed


def test_its_folder_is_its_own_and_a_second_agent_is_refused(kiosk: Kiosk) -> None:
    until(lambda: state.is_running(kiosk.machine), "the agent's start")

    assert stat.S_IMODE(kiosk.machine.stat().st_mode) == 0o700
    assert stat.S_IMODE((kiosk.machine / state.IDENTITY).stat().st_mode) == 0o600
    second = kiosk.run("agent", "run", "--state", str(kiosk.machine))
    assert (second.returncode, "already running" in second.stderr) == (1, True)


def test_paper_that_ends_is_seen_on_the_server_and_so_is_new_paper(kiosk: Kiosk) -> None:
    until(lambda: kiosk.health()["printer"][0] == "ok", "a printer that is well")
    kiosk.printer_is("paper-out")
    until(lambda: "paper-out" in kiosk.health()["printer"][1], "the alarm")

    kiosk.slips("T-1")
    until(lambda: kiosk.held().count("queued") + kiosk.held().count("claimed") == 1, "a claim")
    kiosk.printer_is("")

    until(lambda: kiosk.health()["printer"][0] == "ok", "the end of the alarm")
    until(lambda: all_printed(kiosk), "the slip that waited")
    assert [text.strip("*") for text in kiosk.on_paper()] == ["T-1"]


def test_without_its_server_it_prints_what_it_has_and_reports_later(kiosk: Kiosk) -> None:
    kiosk.printer_is("refuse")
    wanted = [f"T-{number}" for number in range(5)]
    kiosk.slips(*wanted)
    until(lambda: kiosk.states() - {"printed"} == {"claimed"}, "five claims")
    until(lambda: len(kiosk.held()) - kiosk.held().count("printed") == 5, "five jobs held")

    kiosk.kill("server")
    kiosk.printer_is("")
    until(lambda: set(kiosk.held()) == {"printed"}, "five slips without a server")
    assert kiosk.states() - {"printed"} == {"claimed"}
    kiosk.start("server")

    until(lambda: all_printed(kiosk), "the reports")
    assert kiosk.on_paper() == wanted


def test_killed_in_the_middle_of_a_slip_it_prints_it_again_as_a_copy(kiosk: Kiosk) -> None:
    until(lambda: kiosk.health()["printer"][0] == "ok", "a printer that is well")
    kiosk.printer_is("silent")
    kiosk.slips("T-1", "T-2")
    until(lambda: "claimed" in kiosk.held(), "a slip that is being printed")

    kiosk.kill("agent")
    kiosk.printer_is("")
    kiosk.start("agent")

    until(lambda: all_printed(kiosk), "both slips")
    until(lambda: len(kiosk.on_paper()) >= 2, "both on paper")
    assert kiosk.on_paper()[-2:] == ["*T-1", "T-2"]


def test_a_copy_of_it_prints_nothing(kiosk: Kiosk) -> None:
    until(kiosk.device_instance, "the first machine's heartbeat")
    clone = kiosk.clone()
    kiosk.start("clone", "-m", "turnero_server", "agent", "run", "--state", str(clone))
    until(lambda: "token_used_elsewhere" in kiosk.log("clone"), "a refusal")

    kiosk.slips("T-1", "T-2")

    until(lambda: all_printed(kiosk), "both slips")
    until(lambda: len(kiosk.on_paper()) == 2, "both on paper")
    assert kiosk.on_paper() == ["T-1", "T-2"]
    assert "claimed" not in kiosk.log("clone")


def test_with_a_clock_that_is_wrong_by_a_day_it_works_and_says_so(kiosk: Kiosk) -> None:
    kiosk.kill("agent")
    kiosk.start("agent", "-c", YESTERDAY, "agent", "run", "--state", str(kiosk.machine))

    until(lambda: "clock" in kiosk.health()["agent"][1], "the warning")
    kiosk.slips("T-1")
    until(lambda: all_printed(kiosk), "the slip")

    until(lambda: kiosk.on_paper() == ["T-1"], "the slip on paper")
    assert "clock_is_wrong" in kiosk.log("agent")
    assert "wrong by 1440 minutes" in kiosk.run("doctor").stdout


def test_once_revoked_it_stops_and_stays_so(kiosk: Kiosk) -> None:
    until(kiosk.device_instance, "a heartbeat")
    kiosk.revoke()

    assert kiosk.ended("agent") == 3
    assert "refuses this machine's token" in kiosk.log("agent")
    kiosk.slips("T-1")
    kiosk.start("agent")
    assert kiosk.ended("agent") == 3
    assert kiosk.on_paper() == []
