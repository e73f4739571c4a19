/**
 * What is said of a call, in the citizen's language and in the municipality's.
 * @typedef {{ticket: string, desk: string, desk_name: string, count: number, language: string}} Call
 * @typedef {{lang: string, text: string}} Words
 */

/**
 * "R012" is said "R 12" and "ABC007" "A B C 7": letter by letter, then a whole number.
 * @param {string} code
 */
export function sayable(code) {
  const [, letters, digits] = code.match(/^(\D*)(\d*)$/) ?? ["", code, ""];
  return [...letters.replace(/\W/g, ""), digits && String(Number(digits))].filter(Boolean).join(" ");
}

export class Wording {
  /**
   * @param {Record<string, string[]>} sentences language -> first, second, later call
   * @param {Record<string, Record<string, string>>} desks code -> language -> name
   * @param {string} locale the municipality's language
   */
  constructor(sentences, desks, locale) {
    this.sentences = sentences;
    this.desks = desks;
    this.locale = locale;
  }

  /** The languages of a call, the citizen's own first. @param {Call} call */
  languages(call) {
    const own = this.sentences[call.language] ? call.language : this.locale;
    return own === this.locale ? [own] : [own, this.locale];
  }

  /**
   * @param {Call} call
   * @param {string} lang
   * @param {boolean} short only where to go, for a crowd
   * @returns {Words}
   */
  of(call, lang, short) {
    const forms = this.sentences[lang] ?? [];
    const form = forms[Math.min(Math.max(call.count, 1), forms.length) - 1];
    const text = (!short && form ? form : "{ticket}, {desk}")
      .replace("{ticket}", () => sayable(call.ticket))
      .replace("{desk}", () => this.desks[call.desk]?.[lang] || call.desk_name)
      .replace("{count}", String(call.count));
    return { lang, text };
  }
}
