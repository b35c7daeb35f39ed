"""The process that holds a GGUF model: llama.cpp's own HTTP server, alive while its parent lives.

Run by `lm.llama` as a script. One JSON line on stdin says what to load, one on stdout answers with the
address; llama.cpp's log goes to stderr. It imports nothing of ours and starts no other process.
"""

import json
import os
import sys
import threading
import time


def watch(parent: int) -> None:
    """End this process when the parent is gone.

    Asked for once a second, besides the end of stdin: another child of the parent may hold the other
    end of that pipe open. (Linux's PR_SET_PDEATHSIG goes off when the *thread* that started us ends.)
    """
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


def main() -> None:
    """Load, say where, serve until stdin ends."""
    threading.Thread(target=watch, args=(os.getppid(),), daemon=True).start()
    asked = json.loads(sys.stdin.readline())
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = asked["path"]
    params.model_alias = {asked["alias"]}
    params.n_parallel = asked["slots"]
    params.n_ctx = asked["context_tokens"] * asked["slots"]  # llama.cpp splits it among the slots
    params.cpuparams.n_threads = asked["threads"]
    params.cpuparams_batch.n_threads = asked["threads"]
    params.cache_ram_mib = asked["cache_mib"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [asked["key"]]
    params.ui = False
    params.embedding = True  # beside chats; of a prompt that is the hidden state of its last token
    params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_LAST
    params.endpoint_slots = False
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as problem:  # its log has said more
        sys.exit(str(problem))
    sys.stdout.write(json.dumps({"address": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # no farewell: a request may be running, and its reader is gone


if __name__ == "__main__":
    main()
