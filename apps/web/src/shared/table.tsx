import type { CafeSeats } from '#contract';
import { fullness } from './ui.tsx';
import { useWords } from './words/index.ts';

/** Above so many seats, chairs would be dots: they become an arc. */
const CHAIRS_MAX = 48;
const RADIUS = 42;

/** A Café seen from above: a round table, a chair a seat, filled as they are taken, and the free ones as a number. */
export function RoundTable({ seats, mine = false, size }: { seats: CafeSeats; mine?: boolean; size: number }) {
  const words = useWords();
  const { capacity, taken, free } = seats;
  const large = size >= 120;
  return (
    <svg
      className={`table ${fullness(seats)}`}
      viewBox="0 0 100 100"
      width={size}
      height={size}
      role="img"
      aria-label={words.seats.table(taken, capacity)}
    >
      <circle cx="50" cy="50" r="31" className="table-top" />
      {capacity > CHAIRS_MAX || size < 60 ? (
        <Arc share={capacity === 0 ? 1 : taken / capacity} mine={mine} />
      ) : (
        <Chairs capacity={capacity} taken={taken} mine={mine} />
      )}
      <text x="50" y={large ? 52 : 58} className="table-free" textAnchor="middle" fontSize={large ? 26 : 28}>
        {free}
      </text>
      {large && (
        <text x="50" y="65" className="table-word" textAnchor="middle" fontSize="9">
          {words.seats.freeWord(free)}
        </text>
      )}
    </svg>
  );
}

function Chairs({ capacity, taken, mine }: { capacity: number; taken: number; mine: boolean }) {
  const size = Math.max(2.2, Math.min(5.5, (Math.PI * RADIUS) / capacity - 0.6));
  return Array.from({ length: capacity }, (_, index) => {
    const angle = (index / capacity) * 2 * Math.PI - Math.PI / 2;
    const kind = mine && index === 0 ? 'chair mine' : index < taken ? 'chair taken' : 'chair';
    return (
      <circle
        key={index}
        className={kind}
        cx={50 + RADIUS * Math.cos(angle)}
        cy={50 + RADIUS * Math.sin(angle)}
        r={size}
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
