import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embed, generateObject, generateText, streamText } from "ai";
import { z } from "zod";

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

const City = z.object({ city: z.enum(["Peking", "Rom"]), capital: z.boolean() });

/** Runs a tool, and lets the model answer with its result. */
async function runTool(client, model, stream) {
  const asked = [];
  const weather = zodFunction({
    name: "weather",
    description: "The weather of a city.",
    parameters: z.object({ city: z.enum(["Peking", "Rom"]) }),
    function: ({ city }) => {
      asked.push(city);
      return "sunny";
    },
  });
  const runner = client.chat.completions.runTools(
    { model, messages, stream, tools: [weather], tool_choice: { type: "function", function: { name: "weather" } } },
    { maxChatCompletions: 1 },
  );
  await runner.done();
  const result = runner.messages.find((message) => message.role === "tool");
  return { asked, result: result.content };
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
    parsed: (
      await client.chat.completions.parse({ model, messages, response_format: zodResponseFormat(City, "city") })
    ).choices[0].message.parsed,
    tool: await runTool(client, model, false),
    toolInStream: await runTool(client, model, true),
    embedding: embedding.data[0].embedding,
    unknown: await client.chat.completions.create({ model: "none", messages }).then(
      () => "answered",
      (error) => `${error.status} ${error.code}`,
    ),
  };
}

async function vercel() {
  const provider = createOpenAICompatible({
    name: "polylm",
    baseURL: `${root}v1`,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
  const model = provider("polylm-tiny");
  const whole = await generateText({ model, prompt });
  const stream = streamText({ model, prompt });
  return {
    chat: whole.text,
    object: (await generateObject({ model, prompt, schema: City })).object,
    tokens: whole.usage.outputTokens,
    chatStream: await collect(stream.textStream, (text) => text),
    embedding: (await embed({ model: provider.textEmbeddingModel("polylm-tiny"), value: "Monday" })).embedding,
  };
}

console.log(JSON.stringify({ openai: await openai(), vercel: await vercel() }));
