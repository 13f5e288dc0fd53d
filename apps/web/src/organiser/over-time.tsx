import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { Dashboard } from '#contract';
import { useFormat } from '../shared/format.ts';
import { languages, useLocale } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { byHour, cumulative, TIME_STEPS_S, timeLabels } from './series.ts';

const HEIGHT = 220;

/** Registrations over time as a line chart, and a table by hour for screen readers. */
export default function OverTime({
  series,
  timeZone,
}: {
  series: Dashboard['registrationsOverTime'];
  timeZone: string;
}) {
  const staff = useStaffWords();
  const { day, time } = useFormat(timeZone);
  const { tag } = languages[useLocale().locale];
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const label = staff.organise.count;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const [line, ink, grid] = ['--enamel', '--quiet', '--line'].map((name) => style.getPropertyValue(name).trim());
    const short = new Intl.DateTimeFormat(tag, { timeZone, day: 'numeric', month: 'short' });
    const formats = { time, date: (instant: string) => short.format(new Date(instant)) };
    const axis = {
      stroke: ink,
      grid: { stroke: grid, width: 1 },
      ticks: { show: false },
      font: '13px "Source Sans 3 Variable"',
    };
    plot.current = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), timeZone),
        cursor: { show: false },
        legend: { show: false },
        scales: { y: { range: (_, __, max) => [0, Math.max(5, max * 1.1)] } },
        axes: [
          {
            ...axis,
            incrs: TIME_STEPS_S,
            space: 64,
            values: (_, splits, __, ___, step) => timeLabels(splits, step, formats),
          },
          { ...axis, size: 44 },
        ],
        series: [
          {},
          { label, stroke: line, width: 2, paths: uPlot.paths.stepped?.({ align: 1 }), points: { show: false } },
        ],
      },
      [[], []],
      element,
    );
    const watch = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.current?.destroy();
    };
  }, [label, time, tag, timeZone]);
  useEffect(() => {
    const { times, counts } = cumulative(series, Date.now());
    plot.current?.setData([times, counts]);
  }, [series]);
  if (series.length === 0) return <p className="empty">{staff.organise.noneYet}</p>;
  return (
    <>
      <div ref={place} className="chart" aria-hidden="true" />
      <details>
        <summary>{staff.organise.overTimeTable}</summary>
        <table className="board">
          <thead>
            <tr>
              <th scope="col">{staff.organise.hour}</th>
              <th scope="col">{staff.organise.count}</th>
            </tr>
          </thead>
          <tbody>
            {byHour(series).map(({ hour, count }) => (
              <tr key={hour}>
                <td>
                  {day(hour)}, {time(hour)}
                </td>
                <td>{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
