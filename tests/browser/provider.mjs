// A real provider, with one client that proves by its key who it is, and one form to sign in by. Asked as
// `node provider.mjs MODULES ORIGIN KEY`: it writes the client's key there, and says on a line what it calls itself.
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [, , modules, origin, keyFile] = process.argv;
const { Provider } = await import(pathToFileURL(path.join(modules, "node_modules/oidc-provider/lib/index.js")));

const pair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const client = pair();
writeFileSync(keyFile, client.privateKey.export({ type: "pkcs8", format: "pem" }));
const clientKey = { ...createPublicKey(client.privateKey).export({ format: "jwk" }), kid: "client-key", use: "sig", alg: "RS256" };
const ownKey = { ...pair().privateKey.export({ format: "jwk" }), kid: "own-key", use: "sig", alg: "RS256" };

const server = createServer();
await new Promise((resolve) => server.listen(0, "localhost", resolve));
const issuer = `http://localhost:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "grenselos",
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "RS256",
      jwks: { keys: [clientKey] },
      redirect_uris: [`${origin}/sign-in/with/prove/callback`],
      post_logout_redirect_uris: [`${origin}/sign-in/with/prove/signed-out`],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      subject_type: "pairwise",
      require_auth_time: true,
    },
  ],
  jwks: { keys: [ownKey] },
  cookies: { keys: ["only for tests"] },
  subjectTypes: ["pairwise"],
  pairwiseIdentifier: (_, account) => `pairwise-${account}`,
  acrValues: ["high"],
  claims: { openid: ["sub"], acr: null, auth_time: null, sid: null },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, account) => ({ accountId: account, claims: () => ({ sub: account }) }),
  loadExistingGrant: async (context) => {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
});
const answer = provider.callback();

server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return answer(request, response);
  if (request.method !== "POST") {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    return response.end(
      '<!DOCTYPE html><html lang="nb"><title>Prøveporten</title><main><h1>Prøveporten</h1><form method="post">' +
        '<label>Konto <input name="account"></label> <button>Logg inn</button></form></main>',
    );
  }
  let body = "";
  for await (const part of request) body += part;
  const account = new URLSearchParams(body).get("account");
  const login = { accountId: account, acr: "high", amr: ["mfa"], remember: true };
  return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
});
console.log(issuer);
