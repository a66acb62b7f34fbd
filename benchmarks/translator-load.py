"""1,000 requests in a minute to a translator of examples/, several times over, and the memory of its process.

Usage: python3 benchmarks/translator-load.py spring-boot|quarkus [MINUTES]
Build the translator first, as its script `run` does. Needs Python 3.9 and jcmd, on Linux. Eight clients ask; every tenth request wants JSON.
"""
import json, os, re, subprocess, sys, threading, time, urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REQUESTS, CLIENTS, PORT = 1000, 8, 18080
HOME = Path(__file__).parent.parent / "examples"
JARS = {"spring-boot": "spring-boot-translator/target/translator.jar", "quarkus": "quarkus-translator/target/quarkus-app/quarkus-run.jar"}
READY = {"spring-boot": "/actuator/health", "quarkus": "/q/health/ready"}
ASKED = [("Rome is the capital of Italy.", "German"), ("Beijing is the capital of China.", "Chinese"),
         ("Paris is the capital of France.", "Spanish"), ("Madrid is the capital of Spain.", "Russian")]


def fetch(path, body=None, accept="*/*"):
    headers = {"Content-Type": "application/json", "Accept": accept}
    request = urllib.request.Request(f"http://localhost:{PORT}{path}", body, headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read().decode()


def resident(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) // 1024


def heap(process):
    """The heap and the metaspace in use after a collection."""
    for command in ("GC.run", "GC.heap_info"):
        said = subprocess.run(["jcmd", str(process.pid), command], capture_output=True, text=True, check=True).stdout
    return [int(used) // 1024 for used in re.findall(r"used (\d+)K", said)][:2]


def minute(process):
    start, times, answers = time.time(), [], {}
    lock = threading.Lock()

    def ask(number):
        time.sleep(max(0, start + number * 60 / REQUESTS - time.time()))
        text, to = ASKED[number % len(ASKED)]
        accept = "text/plain" if number % 10 else "application/json"
        begin = time.time()
        answer = fetch("/translations", json.dumps({"text": text, "from": "English", "to": to}).encode(), accept)
        with lock:
            times.append(time.time() - begin)
            answers.setdefault((text, accept), set()).add(answer)

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(ask, range(REQUESTS)))  # an error ends the program
    times.sort()
    texts = sum(len(found) for (_, accept), found in answers.items() if accept == "text/plain")
    print(f"{len(times)} answers in {time.time() - start:.1f} s, {texts} different texts to {len(ASKED)} questions; "
          f"half within {times[len(times) // 2] * 1000:.0f} ms, 99 of 100 within {times[len(times) * 99 // 100] * 1000:.0f} ms; "
          f"resident {resident(process)} MB, after a collection heap %d MB, metaspace %d MB" % tuple(heap(process)), flush=True)


def main(kind, minutes="3"):
    command = ["java", "-Xmx256m", "-jar", str(HOME / JARS[kind])] + ([f"--server.port={PORT}"] if kind == "spring-boot" else [])
    process = subprocess.Popen(command, env=dict(os.environ, QUARKUS_HTTP_PORT=str(PORT)), stdout=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                fetch(READY[kind])
                break
            except OSError:
                time.sleep(1)
        print(f"ready: resident {resident(process)} MB, after a collection heap %d MB, metaspace %d MB" % tuple(heap(process)), flush=True)
        for _ in range(int(minutes)):
            minute(process)
    finally:
        process.terminate()
        print("exit status", process.wait(60))


if __name__ == "__main__":
    main(*sys.argv[1:])
