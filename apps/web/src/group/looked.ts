import type { Delegation, DelegationPreview } from '#contract';
import type { Person } from '../shared/registrations/booked-groups.ts';

/** A person of a group in the preview, with their outcome. */
export type Looked = Person & { outcome: DelegationPreview['people'][number]['outcome'] };

/** What happens when there are too few seats: `all` or nobody, or `each` as far as there are seats. */
export type Mode = Delegation['mode'];
