// The health check of the images, which have neither curl nor wget: exit code 0 when the service says that it is ready.
const port = process.env.BATON_HEALTH_PORT;
try {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(3_000) });
  if (!response.ok) console.error(await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
