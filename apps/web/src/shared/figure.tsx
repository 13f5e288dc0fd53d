/** One large number with its label. */
export function Figure(props: { name: string; value: number; label: string; tone?: string }) {
  const { name, value, label, tone = '' } = props;
  return (
    <p className={`figure ${tone}`} data-figure={name}>
      <b>{value}</b>
      <span>{label}</span>
    </p>
  );
}
