// Makes a preview of a script or a recording.  Uses what studio.js has; text is set as text here, too.
"use strict";

const SOUND = "application/octet-stream";
const LOOK_AGAIN_MS = 5000;  // a new installation draws its presenters in the first minute

function face(persona, checked) {
  const label = element("label", "face");
  const choice = element("input");
  choice.type = "radio";
  choice.name = "creator";
  choice.value = persona.id;
  choice.required = true;
  choice.checked = checked;
  const picture = element("img");
  picture.alt = "";
  picture.loading = "lazy";
  const url = persona.preview_image_1_1;
  picture.classList.toggle("missing", !url);
  picture.addEventListener("load", () => picture.classList.remove("missing"));
  picture.addEventListener("error", () => {
    picture.classList.add("missing");
    setTimeout(() => { picture.src = `${url}#${Date.now()}`; }, LOOK_AGAIN_MS);
  });
  if (url) picture.src = url;
  label.append(choice, picture, element("span", "", persona.creator_name));
  return label;
}

function voiceOptions(voices) {
  const groups = new Map();
  for (const voice of voices) {
    for (const accent of voice.accents) {
      if (!groups.has(accent.accent_name)) {
        const group = element("optgroup");
        group.label = accent.accent_name;
        groups.set(accent.accent_name, group);
      }
      const option = element("option", "", voice.name);
      option.value = accent.id;
      groups.get(accent.accent_name).append(option);
    }
  }
  return groups.values();
}

async function fillForm() {
  if (byId("faces").querySelector("input")) return;
  const [personas, voices] = await Promise.all([call("/api/personas/"), call("/api/voices/")]);
  const ready = personas.filter((persona) => persona.process_status === "done");
  byId("faces").append(...ready.map((persona, index) => face(persona, index === 0)));
  byId("voice").append(...voiceOptions(voices));
}

async function uploaded(file) {
  const path = `/api/uploads/?name=${encodeURIComponent(file.name)}`;
  return (await call(path, "POST", file, file.type || SOUND)).url;
}

async function preview() {
  const recording = byId("recording").files[0];
  const text = byId("script").value.trim();
  if (!text && !recording) throw new Error("Write a script, or choose a recording.");
  const wanted = {
    creator: byId("make").elements.creator.value,
    aspect_ratio: byId("shape").value,
    no_caption: !byId("captions").checked,
    accent: byId("voice").value || null,
    text: text || null,
    audio: recording ? await uploaded(recording) : null,
    name: recording ? recording.name : null,
  };
  return call("/api/lipsyncs/preview/", "POST", JSON.stringify(wanted), "application/json");
}

function complain(text) {
  byId("wrong").textContent = text;
  byId("wrong").hidden = !text;
}

byId("make").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = byId("make").querySelector("button");
  button.disabled = true;
  complain("");
  try {
    byId("jobs").prepend(show(await preview()));
    byId("script").value = byId("recording").value = "";
    refresh();
  } catch (error) {
    complain(error.message);
  }
  button.disabled = false;
});
