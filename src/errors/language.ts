/** The languages the engine speaks to people: French, English, German. */
export const languages = ['fr', 'en', 'de'] as const;
export type Language = (typeof languages)[number];
export type InEveryLanguage = Record<Language, string>;
