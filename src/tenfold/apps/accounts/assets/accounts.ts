// Passkeys: a form asks the device, writes what it answers into its field and is sent. Values travel as base64url.

type Json = Record<string, unknown>;
const ABSENT = "This browser has no passkeys. Sign in with your password instead.";
const DECLINED = "Nothing was changed: the device was not asked, or declined. Try again.";

const toBytes = (text: string): ArrayBuffer => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0)).buffer as ArrayBuffer;
};
const toText = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

type Listed = Json & { id: string };
const listed = (items: unknown): PublicKeyCredentialDescriptor[] =>
  ((items ?? []) as Listed[]).map(
    (item) => ({ ...item, id: toBytes(item.id) }) as unknown as PublicKeyCredentialDescriptor,
  );

async function create(options: Json): Promise<Json> {
  const given = options.publicKey as Json;
  const user = given.user as Listed;
  const credential = (await navigator.credentials.create({
    publicKey: {
      ...given,
      challenge: toBytes(given.challenge as string),
      user: { ...user, id: toBytes(user.id) },
      excludeCredentials: listed(given.excludeCredentials),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    } as unknown as PublicKeyCredentialCreationOptions,
  })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse;
  return answer(credential, { attestationObject: toText(response.attestationObject) });
}

async function get(options: Json): Promise<Json> {
  const given = options.publicKey as Json;
  const credential = (await navigator.credentials.get({
    publicKey: {
      ...given,
      challenge: toBytes(given.challenge as string),
      allowCredentials: listed(given.allowCredentials),
    } as unknown as PublicKeyCredentialRequestOptions,
  })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAssertionResponse;
  return answer(credential, {
    authenticatorData: toText(response.authenticatorData),
    signature: toText(response.signature),
    userHandle: response.userHandle ? toText(response.userHandle) : null,
  });
}

const answer = (credential: PublicKeyCredential, response: Json): Json => ({
  id: credential.id,
  rawId: toText(credential.rawId),
  type: credential.type,
  clientExtensionResults: credential.getClientExtensionResults(),
  response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
});

async function optionsOf(form: HTMLFormElement): Promise<Json> {
  const from = form.dataset.passkeyFrom;
  if (!from) return JSON.parse(document.getElementById("passkey-options")?.textContent ?? "{}") as Json;
  const fetched = await fetch(from, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  return ((await fetched.json()) as { request_options: Json }).request_options;
}

function say(form: HTMLFormElement, message: string): void {
  const place = form.querySelector<HTMLElement>("[data-passkey-error]");
  if (!place) return;
  place.textContent = message;
  place.hidden = message === "";
}

async function ask(form: HTMLFormElement): Promise<void> {
  const given = await optionsOf(form);
  const options = (given.creation_options ?? given.request_options ?? given) as Json;
  const said = form.dataset.passkey === "create" ? await create(options) : await get(options);
  const field = form.elements.namedItem("credential");
  if (field instanceof HTMLInputElement) field.value = JSON.stringify(said);
  form.submit();
}

const hasPasskeys = typeof PublicKeyCredential !== "undefined";
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  form.hidden = !hasPasskeys && form.dataset.passkey === "sign-in";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say(form, "");
    if (!hasPasskeys) say(form, ABSENT);
    else ask(form).catch(() => say(form, DECLINED));
  });
}
