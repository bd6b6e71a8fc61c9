// Passkeys: what the service asks goes to the browser, and what the browser answers to the service.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

async function ask(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
  return answer.json();
}

async function show(body) {
  const { ceremony, asked } = await ask("/sign-in/passkey/begin", body);
  const publicKey = asked.publicKey;
  publicKey.challenge = bytes(publicKey.challenge);
  for (const known of publicKey.allowCredentials ?? []) known.id = bytes(known.id);
  const shown = await navigator.credentials.get({ publicKey });
  const { authenticatorData, clientDataJSON, signature, userHandle } = shown.response;
  await ask("/sign-in/passkey/finish", {
    ceremony,
    answer: {
      id: shown.id,
      rawId: text(shown.rawId),
      type: shown.type,
      response: {
        authenticatorData: text(authenticatorData),
        clientDataJSON: text(clientDataJSON),
        signature: text(signature),
        userHandle: userHandle ? text(userHandle) : null,
      },
      extensions: {},
    },
  });
}

async function add(name) {
  const { ceremony, asked } = await ask("/account/passkeys/begin", {});
  const publicKey = asked.publicKey;
  publicKey.challenge = bytes(publicKey.challenge);
  publicKey.user.id = bytes(publicKey.user.id);
  for (const known of publicKey.excludeCredentials ?? []) known.id = bytes(known.id);
  const made = await navigator.credentials.create({ publicKey });
  const { attestationObject, clientDataJSON } = made.response;
  await ask("/account/passkeys/finish", {
    ceremony,
    name,
    answer: {
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response: { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) },
      extensions: {},
    },
  });
}

for (const form of document.querySelectorAll("form[data-ceremony]")) {
  const failed = form.querySelector("[data-failed]");
  form.querySelector("[data-passkey]").addEventListener("click", async () => {
    const fields = new FormData(form);
    failed.hidden = true;
    try {
      if (form.dataset.ceremony === "add") {
        await add(fields.get("name"));
        location.reload();
      } else {
        const email = form.dataset.ceremony === "show" ? fields.get("email") : null;
        await show({ email });
        location.assign(fields.get("to"));
      }
    } catch {
      failed.hidden = false;
    }
  });
}
