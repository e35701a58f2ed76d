"""The client for asyncio."""

from __future__ import annotations

import asyncio
import os
import unittest
from typing import Any, Coroutine

from daemonproxy import AsyncClient, AsyncSubscription, Client, ConnectionClosed, NoAnswer, NoSocket, errors
from daemonproxy.protocol.events import OverflowEvent, ServiceStateExitedEvent, ServiceTagsEvent
from support import PATIENCE, Daemon, DaemonTest


class AsyncTests(DaemonTest):
    def run_it(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run(asyncio.wait_for(work, PATIENCE))

    def test_commands_events_and_the_model(self) -> None:
        async def work() -> None:
            async with AsyncClient(self.socket) as client:
                self.assertEqual(
                    (await client.service_tags("web", "x")).answers, (ServiceTagsEvent("web", ("x",)),))
                state = await client.follow()
                await client.service_args("web", "/bin/sh", "-c", "exit 7")
                async with client.events() as events:
                    start = client.service_start("web")
                    async for event in events:
                        if isinstance(event, ServiceStateExitedEvent):
                            self.assertEqual(event.value, 7)
                            break
                    await start
                ended = await state.wait_service("web", lambda one: one is not None and one.phase == "exited")
                self.assertEqual(ended and ended.exit_code, 7)
                with self.assertRaises(errors.ServiceUnknown):
                    await client.service_start("nix")
                with self.assertRaises(ValueError):
                    client.service_start("a b")
                given = client.fd_give("null")
                with self.assertRaises(errors.FdConstant):
                    await given

        self.run_it(work())

    def test_a_thousand_commands_are_one_wait(self) -> None:
        async def work() -> None:
            async with AsyncClient(self.socket) as client:
                futures = [client.service_tags("web", str(number)) for number in range(1000)]
                self.assertEqual((await futures[-1]).answers, (ServiceTagsEvent("web", ("999",)),))
                self.assertTrue(all(one.done() for one in futures))

        self.run_it(work())

    def test_what_is_cancelled_before_it_is_sent_is_never_sent(self) -> None:
        async def work() -> None:
            path = os.path.join(self.folder, "later")
            client = AsyncClient(path)
            never = client.service_tags("never", "x")
            sent = client.service_tags("sent", "x")
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(never, 0.05)
            self.addCleanup(Daemon(path).close)
            await sent
            self.assertEqual(set((await client.follow()).now.services), {"sent"})
            await client.close()

        self.run_it(work())

    def test_what_is_cancelled_after_it_was_sent_is_run(self) -> None:
        async def work() -> None:
            async with AsyncClient(self.socket) as client:
                os.kill(self.daemon.process.pid, 19)
                task = client.service_tags("web", "x")
                while client._link._unsent or client._link._out:
                    await asyncio.sleep(0.01)
                task.cancel()
                waiter = asyncio.ensure_future(client.follow())
                await asyncio.sleep(0)
                waiter.cancel()
                os.kill(self.daemon.process.pid, 18)
                with self.assertRaises(asyncio.CancelledError):
                    await waiter
                self.assertEqual(set((await client.follow()).now.services), {"web"})

        self.run_it(work())

    def test_what_is_wrong_is_told_where_it_is_awaited(self) -> None:
        async def work() -> None:
            with self.assertRaises(NoSocket):
                await AsyncClient("/no/such")
            path = os.path.join(self.folder, "full")
            self.addCleanup(Daemon(path, "--controllers", "1").close)
            with self.assertRaises(NoAnswer):
                async with AsyncClient(path, timeout=0.1):
                    pass

        self.run_it(work())

    def test_a_crash_and_a_restart_are_overcome(self) -> None:
        async def work() -> None:
            async with AsyncClient(self.socket) as client:
                state = await client.follow()
                events = client.events()
                await asyncio.get_running_loop().run_in_executor(None, self.daemon.crash)
                while not isinstance(await events.get(), OverflowEvent):
                    pass
                await client.repeating.service_tags("web", "after")
                self.daemon.kill()
                again = client.repeating.service_tags("web", "anew")
                self.daemon.start()
                await again
                web = await state.wait_service("web", lambda one: one is not None and one.tags == ("anew",))
                self.assertIsNotNone(web)

        self.run_it(work())

    def test_a_closed_client_ends_its_readers(self) -> None:
        async def work() -> None:
            client = await AsyncClient(self.socket)
            state = await client.follow()
            reader = asyncio.ensure_future(self.read_all(client.events()))
            waiter = asyncio.ensure_future(state.wait(lambda now: "web" in now.services))
            await asyncio.sleep(0)
            await client.close()
            await reader
            with self.assertRaises(ConnectionClosed):
                await waiter
            self.assertEqual(client.status.reason, "This side has closed the connection.")

        self.run_it(work())

    @staticmethod
    async def read_all(events: AsyncSubscription) -> None:
        async for _ in events:
            pass

    def test_both_kinds_of_clients_live_together(self) -> None:
        async def work() -> None:
            async with AsyncClient(self.socket) as client:
                state = await client.follow()
                with Client(self.socket) as other:
                    other.service_tags("web", "x")
                await state.wait_service("web", lambda one: one is not None)

        self.run_it(work())


if __name__ == "__main__":
    unittest.main()
