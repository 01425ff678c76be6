// Serves the samples of takt-ui as a server would: with a strict policy, and with a stream of changes that a test
// speaks into. So the script of the pages is tested alone, with a line that can be cut.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { after } from "node:test";
import { promisify } from "node:util";

const policy = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'";
const types = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

// Written once for all tests of a file.
let written;
after(async () => written && rm(await written, { recursive: true, force: true }));

function folder() {
  written ??= (async () => {
    const made = await mkdtemp(join(tmpdir(), "takt-samples-"));
    const run = ["run", "--locked", "--quiet", "--package", "takt-ui", "--example", "samples", "--", made];
    await promisify(execFile)("cargo", run, { cwd: join(import.meta.dirname, "../..") });
    return made;
  })();
  return written;
}

/// Gives { url, streams(), reads(), say(topics), present(of, whole), change(edit), answer(path, give), posts(), cut(), mend() }.
/// `/NAME` is the sample of that name in Russian and light; `change` edits every page served from then on, `answer` puts an
/// answer of the test's own at a path, `posts` is what was sent to the server: { path, body }.
export async function serveSamples(t) {
  const root = await folder();
  const streams = new Set();
  let position = 4096;
  let standing = true;
  let reads = 0;
  const posts = [];
  const answers = new Map();
  let edit = (page) => page;

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://samples");
    if (!standing && pathname !== "/live") return request.destroy();
    if (request.method === "POST") {
      let body = "";
      for await (const part of request) body += part;
      posts.push({ path: pathname, body });
    }
    const own = answers.get(pathname);
    if (own) return own(request, response);
    if (pathname === "/healthz" || pathname === "/presence") return response.writeHead(204).end();
    if (pathname === "/live") {
      if (!standing) return response.writeHead(503).end();
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": here\n\n");
      streams.add(response);
      request.on("close", () => streams.delete(response));
      return;
    }
    const asked = normalize(pathname).slice(1);
    const file = extname(asked) ? asked : `${asked.replaceAll("/", "-")}-ru-light.html`;
    const found = await readFile(join(root, file)).catch(() => undefined);
    if (!found) return response.writeHead(404, { "content-type": "text/plain" }).end("no such sample");
    if (request.headers["x-takt-live"]) reads += 1;
    const type = types[extname(file)];
    response.writeHead(200, { "content-type": type, "content-security-policy": policy });
    response.end(file.endsWith(".html") ? edit(found.toString()) : found);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    streams: () => streams.size,
    reads: () => reads,
    say(topics) {
      position += 1;
      const message = JSON.stringify({ position, changed: topics });
      for (const stream of streams) stream.write(`id: ${position}\ndata: ${message}\n\n`);
    },
    present(present, whole = false) {
      const data = JSON.stringify({ present, whole });
      for (const stream of streams) stream.write(`event: presence\ndata: ${data}\n\n`);
    },
    change: (next) => (edit = next),
    answer: (path, give) => answers.set(path, give),
    posts: (path) => posts.filter((sent) => sent.path === path).map((sent) => sent.body),
    cut() {
      standing = false;
      for (const stream of streams) stream.destroy();
    },
    mend: () => (standing = true),
  };
}

/// The names of all samples, as their paths.
export async function sampleNames() {
  const page = await readFile(join(await folder(), "all-ru-light.html"), "utf8");
  return [...page.matchAll(/href="\/_samples\/([^"]+)"/g)].map(([, name]) => name);
}
