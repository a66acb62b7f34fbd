/** The path of the page is that of the API's folder and "chat". */
const base = new URL(".", document.baseURI);

function headers(key) {
  const all = { "Content-Type": "application/json" };
  if (key) {
    all.Authorization = `Bearer ${key}`;
  }
  return all;
}

async function checked(response) {
  if (!response.ok) {
    const body = await response.json().catch(() => null);
    throw new Error(body?.error?.message ?? `The server answered with status ${response.status}.`);
  }
  return response;
}

/** The names of the models. */
export async function models(key) {
  const response = await checked(await fetch(new URL("v1/models", base), { headers: headers(key) }));
  return (await response.json()).data.map((model) => model.id);
}

/**
 * Asks for a reply in a stream, and gives its pieces to a function.
 *
 * @returns the counts of tokens, the seconds to the first piece and the seconds in all
 */
export async function ask(body, key, signal, onPiece) {
  const begun = performance.now();
  const since = () => (performance.now() - begun) / 1000;
  const response = await checked(
    await fetch(new URL("v1/chat/completions", base), {
      method: "POST",
      headers: headers(key),
      signal,
      body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
    }),
  );
  let usage = null;
  let first = null;
  let finish = null;
  for await (const data of events(response.body)) {
    const chunk = JSON.parse(data);
    if (chunk.error) {
      throw new Error(chunk.error.message);
    }
    usage = chunk.usage ?? usage;
    finish = chunk.choices[0]?.finish_reason ?? finish;
    const piece = chunk.choices[0]?.delta?.content;
    if (piece) {
      first ??= since();
      onPiece(piece);
    }
  }
  return { prompt: usage?.prompt_tokens ?? 0, tokens: usage?.completion_tokens ?? 0, first, seconds: since(), finish };
}

/** The data of a stream's events, up to [DONE]. */
async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith("data:")) {
        const data = line.slice("data:".length).trim();
        if (data === "[DONE]") {
          return;
        }
        yield data;
      }
    }
  }
}
