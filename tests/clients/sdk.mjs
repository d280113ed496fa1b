// Makes the requests of a file with the official SDK and writes what it makes of each answer, one JSON line a request.
// usage: node sdk.mjs jobs.json > results.jsonl

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import OpenAI from "openai";

const CALLS = [
  [/^POST \/chat\/completions$/, (client, body) => client.chat.completions.create(body)],
  [/^POST \/responses$/, (client, body) => client.responses.create(body)],
  [/^GET \/responses\/(\w+)$/, (client, body, id) => client.responses.retrieve(id)],
  [/^DELETE \/responses\/(\w+)$/, (client, body, id) => client.responses.delete(id)],
  [/^POST \/responses\/input_tokens$/, (client, body) => client.responses.inputTokens.count(body)],
  [/^POST \/embeddings$/, (client, body) => client.embeddings.create(body)],
  [/^POST \/moderations$/, (client, body) => client.moderations.create(body)],
  [/^POST \/images\/generations$/, (client, body) => client.images.generate(body)],
  [/^POST \/images\/edits$/, (client, body) => client.images.edit(body)],
  [/^POST \/audio\/speech$/, (client, body) => client.audio.speech.create(body)],
  [/^POST \/audio\/transcriptions$/, (client, body) => client.audio.transcriptions.create(body)],
  [/^POST \/audio\/translations$/, (client, body) => client.audio.translations.create(body)],
  [/^POST \/files$/, (client, body) => client.files.create(body)],
  [/^GET \/files\/([\w-]+)$/, (client, body, id) => client.files.retrieve(id)],
  [/^GET \/files\/([\w-]+)\/content$/, (client, body, id) => client.files.content(id)],
  [/^DELETE \/files\/([\w-]+)$/, (client, body, id) => client.files.delete(id)],
  [/^POST \/batches$/, (client, body) => client.batches.create(body)],
  [/^GET \/batches\/(\w+)$/, (client, body, id) => client.batches.retrieve(id)],
  [/^GET \/models$/, (client) => client.models.list()],
  [/^GET \/models\/([\w.-]+)$/, (client, body, id) => client.models.retrieve(id)],
];

function call(client, job) {
  const path = job.path.replace(/^\/v1/, "");
  const body = job.multipart ? form(job.multipart) : job.json;
  for (const [pattern, make] of CALLS) {
    const match = pattern.exec(`${job.method} ${path}`);
    if (match) return make(client, body, match[1]);
  }
  return client[job.method.toLowerCase()](path, { body, stream: body?.stream }); // the SDK's way for any other endpoint
}

function form(fields) {
  const body = {};
  for (const { name, value, file, filename, content_type } of fields) {
    const plain = name.replace(/\[\]$/, "");
    const item = file ? new File([readFileSync(file)], filename, { type: content_type }) : value;
    if (plain === name) body[plain] = item;
    else (body[plain] ??= []).push(item);
  }
  return body;
}

const clients = {};

async function result(job) {
  const client = (clients[job.base] ??= new OpenAI({ baseURL: job.base, apiKey: "any-word", maxRetries: 0 }));
  const events = [];
  try {
    const answer = await call(client, job);
    if (answer?.arrayBuffer) {
      const bytes = Buffer.from(await answer.arrayBuffer());
      return { sha256: createHash("sha256").update(bytes).digest("hex") };
    }
    if (answer?.[Symbol.asyncIterator] && answer.controller) {
      for await (const event of answer) events.push(event);
      return { events };
    }
    const value = answer?.getPaginatedItems ? { object: answer.object, data: answer.data } : answer;
    return { value, request: answer?._request_id ?? undefined };
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error;
    return { events, class: error.constructor.name, status: error.status, error: error.error, request: error.requestID };
  }
}

for (const job of JSON.parse(readFileSync(process.argv[2], "utf-8"))) {
  console.log(JSON.stringify(await result(job)));
}
