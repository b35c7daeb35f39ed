"""A local server that speaks the Batch protocol over real HTTP, and fails to order. It writes no text of worth.

It works off a batch while it is asked for its state: `steps` such questions from "in_progress" to its end.
`faults` say what goes wrong, once each unless it is a property of the batch:

    drop-upload   the connection breaks while the file comes in        drop-create   …after the batch was made
    no-create     503 for the first POST /batches                      cut-download  half a result file, then a break
    expire        half of it is done, the rest expires                 cancel        the same, but cancelled
    fail          the whole batch is refused                           errors        every fifth line is a 500
    refuse        every fifth line is a 400                            shuffle       lines in any order
    double        every line twice                                     missing       every fifth line is missing
    garbage       lines among the others that are no JSON
"""

import asyncio
import json
import random
import threading
from typing import Any

from aiohttp import web


class BatchServer:
    """What was uploaded, which batches there are, and what was charged."""

    def __init__(self, *faults: str, steps: int = 2) -> None:
        self.faults, self.steps = set(faults), steps
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.charged: list[str] = []  # the prompts of all answers that were made
        self.uploads = self.port = 0
        self.key: str | None = None
        self._looks: dict[str, int] = {}
        self._rng = random.Random(1)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.AppRunner | None = None

    @property
    def name(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1#fake-1"

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)

    def close(self) -> None:
        assert self._runner is not None
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application(client_max_size=1 << 28, middlewares=[self._allowed])
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/files", self._upload)
        app.router.add_get("/v1/files/{file}/content", self._content)
        app.router.add_post("/v1/batches", self._create)
        app.router.add_get("/v1/batches", self._list)
        app.router.add_get("/v1/batches/{batch}", self._state)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    @web.middleware
    async def _allowed(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.key is not None and request.headers.get("Authorization") != f"Bearer {self.key}":
            return web.json_response({"error": {"message": "Incorrect API key"}}, status=401)
        answer: web.StreamResponse = await handler(request)
        return answer

    def once(self, fault: str) -> bool:
        """Whether this fault was asked for and has not happened yet."""
        there = fault in self.faults
        self.faults.discard(fault)
        return there

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "fake-1"}]})

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        if self.once("drop-upload"):
            await request.content.read(100)
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        form = await request.post()
        assert form["purpose"] == "batch"
        upload = form["file"]
        assert isinstance(upload, web.FileField)
        self.uploads += 1
        file = f"file-{self.uploads}"
        self.files[file] = upload.file.read()
        return web.json_response({"id": file, "object": "file", "bytes": len(self.files[file])})

    async def _create(self, request: web.Request) -> web.StreamResponse:
        if self.once("no-create"):
            return web.json_response({"error": {"message": "busy"}}, status=503)
        body = await request.json()
        assert body["endpoint"] == "/v1/chat/completions"
        assert body["completion_window"] == "24h"
        batch = f"batch_{len(self.batches) + 1}"
        total = self.files[body["input_file_id"]].count(b"\n")
        self.batches[batch] = {
            "id": batch,
            "object": "batch",
            "status": "validating",
            "input_file_id": body["input_file_id"],
            "metadata": body["metadata"],
            "output_file_id": None,
            "error_file_id": None,
            "request_counts": {"total": total, "completed": 0, "failed": 0},
            "errors": None,
        }
        if self.once("drop-create"):
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return web.json_response(self.batches[batch])

    async def _list(self, request: web.Request) -> web.Response:
        rows = list(reversed(self.batches.values()))
        after, limit = request.query.get("after"), int(request.query["limit"])
        begin = next((n + 1 for n, row in enumerate(rows) if row["id"] == after), 0)
        return web.json_response({"data": rows[begin : begin + limit], "has_more": len(rows) > begin + limit})

    async def _state(self, request: web.Request) -> web.Response:
        batch = request.match_info["batch"]
        if batch not in self.batches:
            return web.json_response({"error": {"message": "no such batch"}}, status=404)
        self._looks[batch] = self._looks.get(batch, 0) + 1
        row = self.batches[batch]
        if self._looks[batch] < self.steps:
            row["status"] = "in_progress"
        elif row["output_file_id"] is None and row["status"] != "failed":
            self._work(batch, row)
        return web.json_response(row)

    async def _content(self, request: web.Request) -> web.StreamResponse:
        data = self.files[request.match_info["file"]]
        if self.once("cut-download"):
            response = web.StreamResponse(headers={"Content-Length": str(len(data))})
            await response.prepare(request)
            await response.write(data[: len(data) // 2])
            assert request.transport is not None
            request.transport.abort()
            return response
        return web.Response(body=data, content_type="application/jsonl")

    def _work(self, batch: str, row: dict[str, Any]) -> None:
        """Answer the lines of a batch, as the faults allow."""
        if self.once("fail"):
            row["status"] = "failed"
            row["errors"] = {"data": [{"code": "invalid", "message": "This model has no Batch endpoint"}]}
            return
        lines = [json.loads(line) for line in self.files[row["input_file_id"]].splitlines()]
        answered, errors = [], []
        half = "expire" if self.once("expire") else "cancel" if self.once("cancel") else ""
        row["status"] = {"expire": "expired", "cancel": "cancelled", "": "completed"}[half]
        wrong = next((fault for fault in ("errors", "refuse", "missing") if self.once(fault)), "")
        for number, line in enumerate(lines):
            key = line["custom_id"]
            if half and number >= len(lines) // 2:
                error = {"code": "batch_expired", "message": "not executed before the window ended"}
                errors.append({"id": f"r{number}", "custom_id": key, "response": None, "error": error})
            elif wrong and number % 5 == 0:
                status = {"errors": 500, "refuse": 400}.get(wrong)
                if status:
                    said = {"status_code": status, "body": {"error": {"message": f"fault {status}"}}}
                    errors.append({"id": f"r{number}", "custom_id": key, "response": said, "error": None})
            else:
                answered.append(self._answer(number, line))
        row["request_counts"] |= {"completed": len(answered), "failed": len(errors)}
        written = [json.dumps(one) for one in answered]
        if self.once("double"):
            written *= 2
        if self.once("shuffle"):
            self._rng.shuffle(written)
        if self.once("garbage"):
            written[1:1] = [
                "{'no json",
                "[1, 2]",
                '{"custom_id": "stranger", "response": null, "error": null}',
            ]
        for kind, rows in (("output", written), ("error", [json.dumps(one) for one in errors])):
            if rows:
                row[f"{kind}_file_id"] = f"file-{kind}-{batch}"
                self.files[f"file-{kind}-{batch}"] = "".join(f"{one}\n" for one in rows).encode()

    def _answer(self, number: int, line: dict[str, Any]) -> dict[str, Any]:
        asked = line["body"]["messages"][-1]["content"]
        self.charged.append(asked)
        message = {"role": "assistant", "content": f"Answer to {asked!r}."}
        body = {
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30},
        }
        response = {"status_code": 200, "request_id": f"q{number}", "body": body}
        return {"id": f"r{number}", "custom_id": line["custom_id"], "response": response, "error": None}
