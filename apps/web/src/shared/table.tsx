import type { CafeSeats } from '#contract';
import { fullness } from './seats.tsx';
import { useWords } from './words/index.ts';

/** With more seats, the chairs would be too small, and an arc is drawn instead. */
const CHAIRS_MAX = 48;
/** The same for a small table. */
const SMALL_CHAIRS_MAX = 24;
/** The smallest size of a large table, in pixels. */
const LARGE_PX = 120;
/** The distance from the middle of the table to the middle of a chair, in units of the view box (100). */
const RADIUS = 42;

/**
 * A Café seen from above: a round table with one chair for each seat, and the number of free seats.
 * @param open whether the free seats can be taken; if not, they have no number and no colour
 * @param cancelled whether the Café will not take place; then the table is crossed out
 */
export function RoundTable(props: {
  seats: CafeSeats;
  mine?: boolean;
  open?: boolean;
  cancelled?: boolean;
  size: number;
}) {
  const { seats, mine = false, cancelled = false, open = !cancelled, size } = props;
  const words = useWords();
  const { capacity, taken, free } = seats;
  const large = size >= LARGE_PX;
  return (
    <svg
      className={`table ${cancelled ? 'cancelled' : open ? fullness(seats) : 'closed'}`}
      viewBox="0 0 100 100"
      width={size}
      height={size}
      role="img"
      aria-label={cancelled ? words.state.cancelled : words.seats.table(taken, capacity)}
    >
      <circle cx="50" cy="50" r="31" className="table-top" />
      {large && <circle cx="50" cy="50" r="27.5" className="table-rim" />}
      {capacity > (large ? CHAIRS_MAX : SMALL_CHAIRS_MAX) ? (
        <Arc share={cancelled ? 0 : taken / capacity} mine={mine} />
      ) : (
        <Chairs capacity={capacity} taken={cancelled ? 0 : taken} mine={mine} />
      )}
      {cancelled && <path d="M38 38 62 62M62 38 38 62" className="table-cross" />}
      {open && (
        <text x="50" y={large ? 53 : 59} className="table-free" textAnchor="middle" fontSize={large ? 25 : 27}>
          {free}
        </text>
      )}
      {open && large && (
        <text x="50" y="65" className="table-word" textAnchor="middle" fontSize="8">
          {words.seats.freeWord(free)}
        </text>
      )}
    </svg>
  );
}

/** The chairs around the table, clockwise from the top. */
function Chairs({ capacity, taken, mine }: { capacity: number; taken: number; mine: boolean }) {
  const room = (2 * Math.PI * RADIUS) / Math.max(capacity, 1);
  const width = Math.min(14, room * 0.68);
  const depth = Math.min(8, Math.max(4, width * 0.62));
  return Array.from({ length: capacity }, (_, index) => {
    const kind = mine && index === 0 ? 'chair mine' : index < taken ? 'chair taken' : 'chair';
    return (
      <rect
        key={index}
        className={kind}
        x={-width / 2}
        y={-RADIUS - depth / 2}
        width={width}
        height={depth}
        rx={depth / 2.4}
        transform={`translate(50 50) rotate(${(index / capacity) * 360})`}
      />
    );
  });
}

function Arc({ share, mine }: { share: number; mine: boolean }) {
  const length = 2 * Math.PI * RADIUS;
  return (
    <>
      <circle cx="50" cy="50" r={RADIUS} className="arc" />
      <circle
        cx="50"
        cy="50"
        r={RADIUS}
        className={mine ? 'arc mine' : 'arc taken'}
        strokeDasharray={`${Math.min(1, share) * length} ${length}`}
        transform="rotate(-90 50 50)"
      />
    </>
  );
}
