// Light, dark, or as the system has it; the choice is remembered where that is allowed.

const NAMES = ["auto", "light", "dark"];

export function theme(button, change) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = "auto";
  try {
    chosen = NAMES.includes(localStorage.getItem("kg-theme")) ? localStorage.getItem("kg-theme") : "auto";
  } catch {
    // no storage here
  }
  const apply = () => {
    const name = chosen === "auto" ? (system.matches ? "dark" : "light") : chosen;
    document.documentElement.dataset.theme = name;
    button.textContent = { auto: "Theme: auto", light: "Theme: light", dark: "Theme: dark" }[chosen];
    change(name);
  };
  button.addEventListener("click", () => {
    chosen = NAMES[(NAMES.indexOf(chosen) + 1) % NAMES.length];
    try {
      localStorage.setItem("kg-theme", chosen);
    } catch {
      // no storage here
    }
    apply();
  });
  system.addEventListener("change", apply);
  apply();
}
