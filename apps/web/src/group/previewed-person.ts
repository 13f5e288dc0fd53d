import type { Delegation, DelegationPreview } from '#contract';
import type { Person } from '../shared/registrations/booked-groups.ts';

/** A person in the preview of a group, with the outcome. */
export type PreviewedPerson = Person & { outcome: DelegationPreview['people'][number]['outcome'] };

/** What happens if there are too few seats. `all`: no person gets a seat. `each`: as many people get a seat as there are seats. */
export type Mode = Delegation['mode'];
