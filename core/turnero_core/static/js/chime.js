/** The two notes before a call, made here so that no sound file has to be kept. */

// A falling major third, E5 to C5: heard as "ding-dong" over a murmuring hall without startling.
const NOTES = [
  { hertz: 659.26, at: 0 },
  { hertz: 523.25, at: 0.42 },
];
const RING_S = 1.15;
const LENGTH_MS = 1500;

/** @type {AudioContext | undefined} */
let context;

/**
 * @param {AudioContext} audio
 * @param {number} hertz
 * @param {number} at seconds from now
 * @param {number} volume 0 to 1
 */
function strike(audio, hertz, at, volume) {
  const start = audio.currentTime + at;
  // Bell-like: the second partial is soft and fades first.
  for (const [multiple, level, ring] of [[1, 0.5, RING_S], [2, 0.12, RING_S / 2], [3, 0.04, 0.25]]) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = hertz * multiple;
    gain.gain.setValueAtTime(0.0001, start);
    gain.gain.exponentialRampToValueAtTime(Math.max(0.0002, level * volume), start + 0.012);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + ring);
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(start + ring + 0.05);
  }
}

/** @param {number} ms */
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Plays the chime; resolves when it has rung out. Where the browser gives no sound (no device, or
 * nobody has touched the page yet) it resolves false, soon.
 * @param {number} [volume] 0 to 1
 * @returns {Promise<boolean>}
 */
export async function chime(volume = 1) {
  try {
    context ??= new AudioContext();
    if (context.state !== "running") await Promise.race([context.resume(), wait(300)]);
    if (context.state !== "running") return false;
    for (const { hertz, at } of NOTES) strike(context, hertz, at, volume);
  } catch {
    return false;
  }
  await wait(LENGTH_MS);
  return true;
}
