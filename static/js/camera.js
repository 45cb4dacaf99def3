/* The device's camera for photos and pages ([data-capture]). Without it, or without this script, a file does.

   A photo is cut to 800×600 as the frame shows it, put into the form's file field and sent; the server says what
   time it is, brings it under its limit and shows the result before anything is kept. Pages are collected first. */

const form = document.querySelector("[data-capture]");
const part = (name) => form.querySelector(`[data-camera${name ? `-${name}` : ""}]`);
const wanted = { width: Number(form.dataset.width), height: Number(form.dataset.height) };
const isPhoto = form.dataset.capture === "photo";
const video = part("video");
const files = new DataTransfer();
let cameras = [];
let current = 0;
let stream;

const REFUSED = {
  NotAllowedError: "没有允许使用摄像头。请在浏览器地址栏旁的权限设置里允许，再刷新本页。",
  NotFoundError: "这台设备没有摄像头。",
  NotReadableError: "摄像头正被其他程序使用，请关闭后刷新本页。",
};

if (!window.isSecureContext || !navigator.mediaDevices) part("insecure").hidden = false;
else await start();

async function start() {
  try {
    await open({ facingMode: "environment" });
  } catch (error) {
    part("why").textContent = REFUSED[error.name] ?? "打不开摄像头。";
    part("none").hidden = false;
    return;
  }
  part("").hidden = false;
  cameras = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
  part("turn").hidden = cameras.length < 2;
  current = Math.max(0, cameras.findIndex((device) => device.deviceId === stream.getVideoTracks()[0].getSettings().deviceId));
  part("shoot").addEventListener("click", isPhoto ? shootPhoto : shootPage);
  part("turn").addEventListener("click", turn);
  window.addEventListener("pagehide", stop);
}

async function open(which) {
  stop();
  const size = isPhoto ? { width: { ideal: 1280 }, height: { ideal: 960 } } : { width: { ideal: 3840 }, height: { ideal: 2160 } };
  stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...size } });
  video.srcObject = stream;
  await video.play();
  const enough = !isPhoto || video.videoHeight >= wanted.height;
  part("size").textContent = enough
    ? `${video.videoWidth}×${video.videoHeight}`
    : `这个摄像头只有 ${video.videoWidth}×${video.videoHeight}，至少需要 ${wanted.width}×${wanted.height}`;
  part("shoot").disabled = !enough;
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
}

async function turn() {
  current = (current + 1) % cameras.length;
  await open({ deviceId: { exact: cameras[current].deviceId } });
}

async function shootPhoto() {
  const curtain = form.elements.curtain;
  if (!curtain.checked) {
    curtain.setCustomValidity("请先确认本人站在专用幕布前。");
    curtain.reportValidity();
    curtain.addEventListener("change", () => curtain.setCustomValidity(""), { once: true });
    return;
  }
  await add(drawn(cut(wanted.width / wanted.height), wanted));
  send();
}

async function shootPage() {
  const whole = { x: 0, y: 0, width: video.videoWidth, height: video.videoHeight };
  const canvas = drawn(whole, whole);
  await add(canvas);
  const item = document.createElement("li");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `第 ${files.files.length} 页`);
  item.append(canvas);
  part("pages").append(item);
  part("pages").hidden = false;
  part("shoot").disabled = files.files.length >= Number(form.dataset.most);
}

/* The largest piece in the middle of the picture with these proportions: what the frame shows. */
function cut(ratio) {
  const { videoWidth, videoHeight } = video;
  const width = Math.min(videoWidth, videoHeight * ratio);
  const height = width / ratio;
  return { x: (videoWidth - width) / 2, y: (videoHeight - height) / 2, width, height };
}

function drawn(from, to) {
  const canvas = document.createElement("canvas");
  canvas.width = to.width;
  canvas.height = to.height;
  canvas.getContext("2d").drawImage(video, from.x, from.y, from.width, from.height, 0, 0, to.width, to.height);
  return canvas;
}

async function add(canvas) {
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.98));
  files.items.add(new File([blob], `camera-${files.files.length + 1}.jpg`, { type: "image/jpeg" }));
  form.elements.file.files = files.files;
  form.elements.source.value = "camera";
}

function send() {
  part("shoot").disabled = true;
  form.requestSubmit();
}

/* A file chosen afterwards is a file, whatever was taken before. */
form.elements.file.addEventListener("change", () => {
  form.elements.source.value = "file";
});
