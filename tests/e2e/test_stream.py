"""A dashboard whose connection breaks again and again: it comes back after what it saw last."""

from tests.e2e.conftest import on_one_broker
from tests.e2e.system import Running

CUTS = 12


@on_one_broker
def test_a_stream_that_is_cut_again_and_again_under_load_misses_nothing(system: Running) -> None:
    with system.load() as load:
        load.go_on(5)  # so that there is something to resume after
    system.rest()
    connections, resyncs = system.stream.connections, len(system.stream.resyncs)
    with system.load() as load:
        for _ in range(CUTS):
            system.stream.cut()
            load.go_on(2)
    system.check()
    assert system.stream.connections >= connections + CUTS // 2
    # Nothing was read anew: what it missed meanwhile came after its Last-Event-ID, once.
    assert system.stream.resyncs[resyncs:] == []
