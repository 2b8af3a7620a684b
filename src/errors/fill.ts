/** Words with `{name}` where a value stands. A value is put in as it is: `$&` or `{other}` in it stay what they are. */
export function fill(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
