import { z } from 'zod';

/** A text of a bot's that becomes the value of a label: names of pairs, currencies and strategies are far shorter. */
export const labelText = z.string().max(100);
