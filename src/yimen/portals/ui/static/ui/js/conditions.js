// data-when='{"field":"kind","in":["entity"]}': shows a part of a form while another answer says so. The server
// decides what is asked (it answers by htmx); this only spares the wait. Hidden parts are not sent.
function answer(form, name) {
  return [...new FormData(form).entries()].filter(([key]) => key === name).map(([, value]) => String(value));
}

function holds(rule, form) {
  if (rule.all) return rule.all.every((r) => holds(r, form));
  if (rule.any) return rule.any.some((r) => holds(r, form));
  if (rule.not) return !holds(rule.not, form);
  const given = answer(form, rule.field);
  if ("in" in rule) return given.some((value) => rule.in.map(String).includes(value));
  if ("equals" in rule) return given.includes(String(rule.equals));
  return given.some((value) => value !== "");
}

function apply(form) {
  // Outer parts first: an inner part may depend on a field that has just been hidden.
  form.querySelectorAll("[data-when]").forEach((part) => {
    let rule;
    try { rule = JSON.parse(part.dataset.when); } catch { return; }
    const shown = holds(rule, form);
    part.hidden = !shown;
    if (part instanceof HTMLFieldSetElement) part.disabled = !shown;
    else part.querySelectorAll("input, select, textarea").forEach((el) => {
      if (!shown && !el.disabled) { el.disabled = true; el.dataset.whenOff = ""; }
      if (shown && "whenOff" in el.dataset) { el.disabled = false; delete el.dataset.whenOff; }
    });
  });
}

const forms = () => new Set([...document.querySelectorAll("[data-when]")].map((part) => part.closest("form")).filter(Boolean));
forms().forEach(apply);
document.addEventListener("input", (event) => { const form = event.target.form; if (form?.querySelector("[data-when]")) apply(form); });
document.addEventListener("change", (event) => { const form = event.target.form; if (form?.querySelector("[data-when]")) apply(form); });
document.addEventListener("htmx:afterSettle", () => forms().forEach(apply));
