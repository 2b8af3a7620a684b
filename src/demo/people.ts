/** The members of the demo's club: made-up people, the same on every machine. */
const firstNames =
  'Camille Léa Manon Chloé Inès Jade Louise Emma Alice Zoé Sarah Lucie Julie Nora Élise Margaux Anaïs Clara Eva Maëlle Lucas Hugo Louis Jules Adam Gabriel Raphaël Arthur Nathan Tom Noé Paul Maxime Antoine Théo Bastien Karim Loïc Yanis Mathis'.split(
    ' ',
  );
const lastNames =
  'Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefèvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Müller Lefebvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia'.split(
    ' ',
  );
const towns = [
  { postcode: '69003', town: 'Lyon' },
  { postcode: '69100', town: 'Villeurbanne' },
  { postcode: '69006', town: 'Lyon' },
  { postcode: '69500', town: 'Bron' },
];

export interface Member {
  name: string;
  email: string;
  badge: string;
  external_id: string;
  address: { street: string; postcode: string; town: string; country: string };
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function member(at: number): Member {
  const first = firstNames[(at * 7) % firstNames.length] as string;
  const last = lastNames[(at * 11 + Math.floor(at / 40)) % lastNames.length] as string;
  const place = towns[at % towns.length] as (typeof towns)[number];
  return {
    name: `${first} ${last}`,
    email: `${plain(first)}.${plain(last)}.${at + 1}@example.com`,
    badge: `TIL-${String(at + 1).padStart(4, '0')}`,
    external_id: `M${String(at + 1).padStart(5, '0')}`,
    address: { street: `${(at % 60) + 1} rue des Tilleuls`, ...place, country: 'FR' },
  };
}
