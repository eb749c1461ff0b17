// What the page remembers between visits: the language, and for each language the text last written in it.

const kLanguageKey = "pushjudge.language";
const draftKey = (languageId: number) => `pushjudge.draft.${languageId}`;

// A browser may refuse storage (private windows, a full disk). The page works without a memory.
function quietly<T>(access: () => T, otherwise: T): T {
  try {
    return access();
  } catch {
    return otherwise;
  }
}

export function rememberedLanguage(): number | null {
  return quietly(() => {
    const text = localStorage.getItem(kLanguageKey);
    return text === null ? null : Number(text);
  }, null);
}

export function rememberLanguage(languageId: number): void {
  quietly(() => localStorage.setItem(kLanguageKey, String(languageId)), undefined);
}

export function rememberedDraft(languageId: number): string | null {
  return quietly(() => localStorage.getItem(draftKey(languageId)), null);
}

export function rememberDraft(languageId: number, text: string | null): void {
  quietly(() => {
    if (text === null) localStorage.removeItem(draftKey(languageId));
    else localStorage.setItem(draftKey(languageId), text);
  }, undefined);
}
