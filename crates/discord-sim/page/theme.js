// @ts-check
/* The theme that was chosen last; a plain script, so that the page is never drawn in the wrong one. */
try {
  const theme = localStorage.getItem("sandbox-theme");
  if (theme) document.documentElement.dataset["theme"] = theme;
} catch {
  // Storage may be switched off: the system decides.
}
