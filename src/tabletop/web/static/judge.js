// Digits as keys, as at the console: the first says who spoke, the second marks one of that role's actions. `0` waits for a second digit.
// Keeps when the first key of what is typed was pressed. Digits can be switched off, because a screen reader or a voice may press keys too.
// Without this script everything is a press away.
"use strict";
(() => {
  const OFF = "digits-off";
  let zero = false;
  let off = false;
  try {
    off = localStorage.getItem(OFF) === "1";
  } catch {
    // A browser that keeps nothing: the switch holds for this page.
  }

  function show() {
    for (const line of document.querySelectorAll("[data-digits]")) {
      line.hidden = false;
      line.querySelector("input").checked = !off;
    }
    for (const id of begun.keys()) sayWhen(document.getElementById(id));
  }

  document.addEventListener("change", (event) => {
    if (!event.target.closest("[data-digits]")) return;
    off = !event.target.checked;
    try {
      localStorage.setItem(OFF, off ? "1" : "0");
    } catch {
      // as above
    }
  });

  function pressed(number) {
    const panel = document.querySelector("[data-panel]");
    const found = panel ? panel.querySelector(`[data-digit="${number}"]`) : document.querySelector(`[data-role-digit="${number}"]`);
    if (found) found.click();
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (field || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    const line = document.querySelector("[data-digits] input");
    const digit = event.key.normalize("NFKC");
    if (!line || !line.checked) return;
    if (event.key === "Escape" && document.querySelector("[data-panel]")) {
      document.querySelector(".tents a").click();
    } else if (/^[0-9]$/.test(digit)) {
      event.preventDefault();
      if (digit === "0" && !zero) {
        zero = true;
        return;
      }
      pressed(Number(digit) + (zero ? 10 : 0));
    }
    zero = false;
  });

  // What is typed counts at the exercise time of its first key, as at the console, and the field for another time says which that is.
  const begun = new Map(); // id of a form: the time on the clock when its first key was pressed

  function blank(form) {
    return [...form.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")].every((field) => !field.value);
  }

  document.addEventListener("beforeinput", (event) => {
    const form = event.target.closest("form");
    if (form && blank(form)) begun.set(form.id, document.getElementById("clock").textContent);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    const at = form && form.querySelector("input[name=at]");
    if (at && blank(form)) at.removeAttribute("placeholder");
    else sayWhen(form);
  });

  function sayWhen(form) {
    const at = form && form.querySelector("input[name=at]");
    if (at && begun.has(form.id) && !blank(form) && at.placeholder !== begun.get(form.id)) at.placeholder = begun.get(form.id);
  }

  // A form in which nothing stands was not begun, and what it sends counts when it is sent.
  document.addEventListener("formdata", (event) => {
    const form = event.target;
    if (!event.formData.has("heard")) return;
    if (blank(form)) {
      begun.delete(form.id);
      event.formData.set("heard", "");
    } else if (begun.has(form.id)) {
      event.formData.set("heard", begun.get(form.id));
    } else if (event.formData.get("heard")) {
      // It was typed before the page was loaded anew.
      begun.set(form.id, event.formData.get("heard"));
      sayWhen(form);
    }
  });

  // What was sent is recorded, and the form is empty again.
  document.addEventListener("reset", (event) => begun.delete(event.target.id));

  // What is put into the page later is a copy of what the server sent, where the line is hidden and no time stands; after an emergency it
  // is another line.
  new MutationObserver(show).observe(document.getElementById("page"), {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["hidden", "placeholder"],
  });
  show();
})();
