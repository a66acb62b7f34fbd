import OpenAI from "openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embed, generateText, streamText } from "ai";

const root = process.argv[2];
const prompt = "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";
const messages = [{ role: "user", content: prompt }];

async function collect(stream, text) {
  let all = "";
  for await (const part of stream) {
    all += text(part) ?? "";
  }
  return all;
}

async function openai() {
  const client = new OpenAI({ baseURL: `${root}v1`, apiKey: "none", maxRetries: 0 });
  const model = (await client.models.list()).data[0].id;
  const embedding = await client.embeddings.create({ model, input: ["Monday"] });
  const response = await client.responses.create({ model, input: prompt });
  return {
    chat: (await client.chat.completions.create({ model, messages })).choices[0].message.content,
    chatStream: await collect(
      await client.chat.completions.create({ model, messages, stream: true }),
      (chunk) => chunk.choices[0]?.delta?.content,
    ),
    completion: (await client.completions.create({ model, prompt })).choices[0].text.trim(),
    response: response.output_text,
    responseStream: await collect(await client.responses.create({ model, input: prompt, stream: true }), (event) =>
      event.type === "response.output_text.delta" ? event.delta : "",
    ),
    embedding: embedding.data[0].embedding,
    unknown: await client.chat.completions.create({ model: "none", messages }).then(
      () => "answered",
      (error) => `${error.status} ${error.code}`,
    ),
  };
}

async function vercel() {
  const provider = createOpenAICompatible({ name: "polylm", baseURL: `${root}v1`, includeUsage: true });
  const model = provider("polylm-tiny");
  const whole = await generateText({ model, prompt });
  const stream = streamText({ model, prompt });
  return {
    chat: whole.text,
    tokens: whole.usage.outputTokens,
    chatStream: await collect(stream.textStream, (text) => text),
    embedding: (await embed({ model: provider.textEmbeddingModel("polylm-tiny"), value: "Monday" })).embedding,
  };
}

console.log(JSON.stringify({ openai: await openai(), vercel: await vercel() }));
