// What libraries write as style attributes and style elements, in ways that a strict content policy lets through.
const nonce = document.querySelector<HTMLElement>("[data-nonce]")?.dataset.nonce ?? "";

// Style elements of the terminal carry the page's nonce; its style attributes go by the CSSOM, which no policy forbids.
export function allowTerminalStyles(): void {
  const createElement = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const made = createElement(name, options);
    if (name.toLowerCase() === "style") made.setAttribute("nonce", nonce);
    return made;
  }) as typeof document.createElement;
  const setAttribute = HTMLElement.prototype.setAttribute;
  HTMLElement.prototype.setAttribute = function (name: string, value: string) {
    if (name === "style") this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}

export { nonce };
