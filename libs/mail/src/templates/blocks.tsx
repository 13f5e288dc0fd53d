import type { ReactNode } from 'react';
import { Button, Heading, Img, Section, Text } from 'react-email';
import { light } from './colours.ts';
import type { MessageContent } from './content.ts';
import { body, sans, serif, small, TICKET_CID } from './styles.ts';

export function Code({ code }: { code: string }): ReactNode {
  return (
    <Section
      className="card hairline"
      style={{
        margin: '4px 0 24px',
        backgroundColor: light.card,
        border: `1px solid ${light.hairline}`,
        borderRadius: '10px',
        borderCollapse: 'separate',
      }}
    >
      <Text
        className="enamel"
        style={{
          margin: '14px 0',
          fontFamily: serif,
          fontSize: '42px',
          lineHeight: '50px',
          fontWeight: 600,
          letterSpacing: '5px',
          textAlign: 'center',
          color: light.enamel,
        }}
      >
        {code}
      </Text>
    </Section>
  );
}

/** The title, time and place; the earlier time and place struck out. */
export function CafeCard({
  cafe,
  before,
  locale,
}: {
  cafe: NonNullable<MessageContent['cafe']>;
  before: MessageContent['before'];
  locale: MessageContent['locale'];
}): ReactNode {
  return (
    <Section
      className="hairline"
      style={{
        margin: '8px 0 24px',
        padding: '16px 0',
        borderTop: `1px solid ${light.hairline}`,
        borderBottom: `1px solid ${light.hairline}`,
      }}
    >
      <Text className="quiet" style={small}>
        {cafe.label}
      </Text>
      <Text
        className="ink"
        style={{ margin: '0 0 10px', fontFamily: serif, fontSize: '22px', lineHeight: '29px', color: light.ink }}
      >
        {cafe.title}
      </Text>
      {before && (
        <Text className="quiet" style={{ ...body, margin: '0 0 4px', color: light.quiet }}>
          <span style={{ fontSize: '15px' }}>{locale === 'fr' ? 'Auparavant' : 'Before'}</span>
          <br />
          <s>{before.when}</s>
          <br />
          <s>{before.where}</s>
        </Text>
      )}
      <Text className="ink" style={{ ...body, margin: before ? '10px 0 0' : 0 }}>
        {before && (
          <>
            <span className="quiet" style={{ fontSize: '15px', color: light.quiet }}>
              {locale === 'fr' ? 'Désormais' : 'From now on'}
            </span>
            <br />
          </>
        )}
        <strong style={{ fontWeight: 600 }}>{cafe.when}</strong>
        <br />
        {cafe.where}
      </Text>
    </Section>
  );
}

/** Dark on white in every theme, because it is scanned from the screen. */
export function Ticket({ locale }: { locale: MessageContent['locale'] }): ReactNode {
  return (
    <Section style={{ margin: '0 0 24px', backgroundColor: '#ffffff', borderRadius: '10px', textAlign: 'center' }}>
      <Img
        src={`cid:${TICKET_CID}`}
        alt={locale === 'fr' ? 'Votre billet (code QR)' : 'Your ticket (QR code)'}
        width="280"
        height="280"
        style={{ display: 'block', margin: '8px auto', color: '#1d2430' }}
      />
    </Section>
  );
}

export function List({ list: { heading, items, note } }: { list: NonNullable<MessageContent['list']> }): ReactNode {
  return (
    <Section style={{ margin: '0 0 24px' }}>
      <Heading
        as="h2"
        className="ink"
        style={{
          margin: '0 0 6px',
          fontFamily: serif,
          fontSize: '20px',
          lineHeight: '27px',
          fontWeight: 600,
          color: light.ink,
        }}
      >
        {heading}
      </Heading>
      {items.map(({ name, detail }, index) => (
        <Text
          key={index}
          className="ink hairline"
          style={{
            ...body,
            margin: 0,
            padding: '9px 0',
            lineHeight: '23px',
            borderBottom: `1px solid ${light.hairline}`,
          }}
        >
          {name}
          {detail && (
            <>
              <br />
              <span className="quiet" style={{ fontSize: '15px', color: light.quiet }}>
                {detail}
              </span>
            </>
          )}
        </Text>
      ))}
      {note && (
        <Text className="quiet" style={{ ...body, margin: '9px 0 0', color: light.quiet }}>
          {note}
        </Text>
      )}
    </Section>
  );
}

/** Buttons as wide as a phone, 48 px high, the first one filled. */
export function Actions({ actions }: { actions: MessageContent['actions'] }): ReactNode {
  return actions.map(({ label, url }, index) => (
    <Button
      key={label}
      href={url}
      className={index === 0 ? 'primary' : 'secondary'}
      style={{
        display: 'block',
        margin: '0 0 12px',
        padding: '13px 20px',
        border: `1px solid ${light.enamel}`,
        borderRadius: '10px',
        backgroundColor: index === 0 ? light.enamel : 'transparent',
        color: index === 0 ? light.onEnamel : light.enamel,
        fontFamily: sans,
        fontSize: '17px',
        fontWeight: 600,
        textAlign: 'center',
        textDecoration: 'none',
      }}
    >
      {label}
    </Button>
  ));
}
