"""A mail server that takes every letter and keeps none, so that what is measured is who sends.

Its first line on standard output says on which port of this machine it listens. It ends when its standard input does.
"""

import asyncio
import sys


class Sink(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.heard, self.searched, self.in_letter = transport, bytearray(), 0, False
        self.say("220 sink.example ESMTP")

    def say(self, words):
        self.transport.write(words.encode() + b"\r\n")

    def data_received(self, data):
        self.heard += data
        while True:
            end = b"\r\n.\r\n" if self.in_letter else b"\r\n"
            at = self.heard.find(end, self.searched)
            if at < 0:
                self.searched = max(0, len(self.heard) - len(end))
                return
            line = bytes(self.heard[: min(at, 4)]).upper()
            del self.heard[: at + len(end)]
            self.searched = 0
            if self.in_letter:
                self.in_letter = False
                self.say("250 2.0.0 taken")
            elif line == b"DATA":
                self.in_letter = True
                self.say("354 go on")
            elif line == b"QUIT":
                self.say("221 2.0.0 farewell")
                self.transport.close()
                return
            else:
                self.say("250 sink.example" if line == b"EHLO" else "250 2.0.0 well")


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
