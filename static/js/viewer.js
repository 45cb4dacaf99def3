/* The attachment viewer: zoom, rotate, move, previous and next, by pointer and by key. Without script the list of links remains. */

const STEPS = [1, 1.25, 1.5, 2, 3, 4, 6, 8];
const MARGIN = 16;

class Viewer {
  constructor(root) {
    this.root = root;
    this.stage = root.querySelector("[data-viewer-stage]");
    this.sheet = root.querySelector("[data-viewer-sheet]");
    this.picture = root.querySelector("[data-viewer-picture]");
    this.links = Array.from(root.querySelectorAll("[data-viewer-item]"));
    this.turns = new Map();
    this.zoom = 1;
    this.listen();
    this.go(0, false);
  }

  part(name) {
    return this.root.querySelector(`[data-viewer-${name}]`);
  }

  listen() {
    this.picture.addEventListener("load", () => this.ready(true));
    this.picture.addEventListener("error", () => this.ready(false));
    this.root.addEventListener("click", (event) => this.click(event));
    this.stage.addEventListener("keydown", (event) => this.key(event));
    this.stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.stage.addEventListener("pointerdown", (event) => this.grab(event));
    new ResizeObserver(() => this.draw()).observe(this.stage);
  }

  click(event) {
    const item = event.target.closest("[data-viewer-item]");
    if (item && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.go(this.links.indexOf(item));
    }
    const act = event.target.closest("[data-viewer-do]")?.dataset.viewerDo;
    if (act) this.act(act);
  }

  act(name) {
    if (name === "in") this.step(1);
    if (name === "out") this.step(-1);
    if (name === "fit") this.scale(1);
    if (name === "left") this.turn(-90);
    if (name === "right") this.turn(90);
    if (name === "previous") this.go(this.index - 1);
    if (name === "next") this.go(this.index + 1);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = { "+": "in", "=": "in", "-": "out", 0: "fit", o: "right", O: "left", PageUp: "previous", PageDown: "next" };
    if (this.zoom === 1) Object.assign(acts, { ArrowLeft: "previous", ArrowRight: "next" });
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(acts[event.key]);
  }

  wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.step(event.deltaY < 0 ? 1 : -1);
  }

  grab(event) {
    if (this.zoom === 1 || event.button !== 0 || event.pointerType === "touch") return;
    event.preventDefault();
    this.stage.focus();
    const start = { x: event.clientX, y: event.clientY, left: this.stage.scrollLeft, top: this.stage.scrollTop };
    const move = (now) => {
      this.stage.scrollLeft = start.left - (now.clientX - start.x);
      this.stage.scrollTop = start.top - (now.clientY - start.y);
    };
    const drop = () => {
      this.stage.classList.remove("moving");
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", drop);
    };
    this.stage.classList.add("moving");
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop);
  }

  go(index, follow = true) {
    if (index < 0 || index >= this.links.length) return;
    this.index = index;
    this.zoom = 1;
    const link = this.links[index];
    this.links.forEach((each) => each.toggleAttribute("aria-current", each === link));
    link.setAttribute("aria-current", "true");
    if (follow) link.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.sheet.hidden = true;
    this.part("problem").hidden = true;
    this.picture.alt = link.dataset.viewerLabel;
    this.picture.src = link.href;
    this.part("title").textContent = link.dataset.viewerLabel;
    this.part("place").textContent = `${index + 1} / ${this.links.length}`;
    this.root.querySelector("[data-viewer-do=previous]").disabled = index === 0;
    this.root.querySelector("[data-viewer-do=next]").disabled = index === this.links.length - 1;
    this.part("original").href = link.href;
  }

  ready(good) {
    this.sheet.hidden = !good;
    this.part("problem").hidden = good;
    this.draw();
  }

  turn(degrees) {
    this.turns.set(this.index, ((this.turns.get(this.index) ?? 0) + degrees + 360) % 360);
    this.draw();
  }

  step(direction) {
    const at = STEPS.indexOf(this.zoom);
    this.scale(STEPS[Math.min(STEPS.length - 1, Math.max(0, at + direction))]);
  }

  /* Keeps the middle of what is seen in the middle. */
  scale(zoom) {
    const { stage } = this;
    const middle = [
      (stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth,
      (stage.scrollTop + stage.clientHeight / 2) / stage.scrollHeight,
    ];
    this.zoom = zoom;
    this.draw();
    stage.scrollLeft = middle[0] * stage.scrollWidth - stage.clientWidth / 2;
    stage.scrollTop = middle[1] * stage.scrollHeight - stage.clientHeight / 2;
  }

  draw() {
    const { naturalWidth: width, naturalHeight: height } = this.picture;
    if (!width) return;
    const turn = this.turns.get(this.index) ?? 0;
    const [across, down] = turn % 180 ? [height, width] : [width, height];
    const room = [this.stage.offsetWidth - 2 * MARGIN, this.stage.offsetHeight - 2 * MARGIN];
    const scale = Math.min(room[0] / across, room[1] / down, 2) * this.zoom;
    this.sheet.style.width = `${across * scale}px`;
    this.sheet.style.height = `${down * scale}px`;
    this.picture.style.width = `${width * scale}px`;
    this.picture.style.height = `${height * scale}px`;
    this.picture.style.transform = `translate(-50%, -50%) rotate(${turn}deg)`;
    this.stage.classList.toggle("movable", this.zoom > 1);
    this.part("zoom").textContent = this.zoom === 1 ? "适合" : `${Math.round(this.zoom * 100)}%`;
    this.root.querySelector("[data-viewer-do=out]").disabled = this.zoom === STEPS[0];
    this.root.querySelector("[data-viewer-do=in]").disabled = this.zoom === STEPS[STEPS.length - 1];
  }
}

const known = new WeakSet();
function start(root) {
  root.querySelectorAll("[data-viewer]").forEach((element) => {
    if (known.has(element)) return;
    known.add(element);
    new Viewer(element);
  });
}

document.addEventListener("htmx:load", (event) => start(event.target.parentElement ?? document));
start(document);
