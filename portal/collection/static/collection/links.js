// What a browser can do beside the page: copy an address, print the sheet. Without this script both are done by hand.
const select = (field) => {
  field.focus();
  field.select();
};

for (const field of document.querySelectorAll("[data-copy]")) {
  const row = document.createElement("p");
  row.className = "row";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-s btn-2";
  button.textContent = field.dataset.copy;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = field.dataset.copied;
    } catch {
      select(field); // chosen, so that Ctrl+C copies it
    }
  });
  row.append(button, said);
  field.after(row);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
