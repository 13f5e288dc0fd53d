import type { CSSProperties, ReactNode } from 'react';
import { Body, Button, Container, Head, Heading, Hr, Html, Img, Link, Section, Text } from 'react-email';
import { dark, light } from './colours.ts';
import type { Sheet } from './sheet.ts';

/** What the pictures of a message are named by within it. */
export const TICKET_CID = 'ticket@comptoir';
export const TABLE_CID = 'table@comptoir';

const sans = '"Source Sans 3", "Segoe UI", Helvetica, Arial, sans-serif';
const serif = 'Fraunces, Georgia, "Times New Roman", serif';

/** For clients that know themes; the others show the light one, whose colours stand at each element. */
const themes = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .paper, .paper > table > tbody > tr > td { background-color: ${dark.paper} !important; }
    .sheet { background-color: ${dark.sheet} !important; }
    .ink { color: ${dark.ink} !important; }
    .quiet { color: ${dark.quiet} !important; }
    .enamel { color: ${dark.enamel} !important; }
    .hairline { border-color: ${dark.hairline} !important; }
    .primary { background-color: ${dark.enamel} !important; border-color: ${dark.enamel} !important; color: ${dark.onEnamel} !important; }
    .secondary { border-color: ${dark.enamel} !important; color: ${dark.enamel} !important; }
  }`;

const body: CSSProperties = {
  margin: '0 0 16px',
  fontFamily: sans,
  fontSize: '17px',
  lineHeight: '26px',
  color: light.ink,
};
const small: CSSProperties = { ...body, margin: '0 0 4px', fontSize: '15px', lineHeight: '21px', color: light.quiet };

/** The one design of all messages: a sheet of paper, one column, 520 px at most. */
export function Page({ sheet }: { sheet: Sheet }): ReactNode {
  const { locale, preview, event, heading, paragraphs, code, cafe, before, hasTicket, list, actions, note, footer } =
    sheet;
  return (
    <Html lang={locale} dir="ltr">
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{heading}</title>
        <style>{themes}</style>
      </Head>
      <Body className="paper" lang={locale} style={{ margin: 0, padding: '28px 0 36px', backgroundColor: light.paper }}>
        {/* Not the component Preview: what it fills a mailbox's line with would double the message. */}
        <div style={{ display: 'none', maxHeight: 0, overflow: 'hidden' }}>{preview}</div>
        <Container style={{ maxWidth: '520px', padding: '0 20px' }}>
          <Masthead event={event} />
          <Heading
            as="h1"
            className="ink"
            style={{
              margin: '20px 0 14px',
              fontFamily: serif,
              fontSize: '29px',
              lineHeight: '35px',
              fontWeight: 600,
              color: light.ink,
            }}
          >
            {heading}
          </Heading>
          {paragraphs.map((text) => (
            <Text key={text} className="ink" style={body}>
              {text}
            </Text>
          ))}
          {code && <Code code={code} />}
          {cafe && <CafeCard cafe={cafe} before={before} locale={locale} />}
          {hasTicket && <Ticket locale={locale} />}
          {list && <List list={list} />}
          <Actions actions={actions} />
          {note && (
            <Text className="quiet" style={{ ...small, margin: '20px 0 0', fontSize: '16px', lineHeight: '23px' }}>
              {note}
            </Text>
          )}
          <Foot event={event} footer={footer} />
        </Container>
      </Body>
    </Html>
  );
}

/** The round table, and the event that the message is about. */
function Masthead({ event }: { event: string }): ReactNode {
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} border={0}>
      <tbody>
        <tr>
          <td>
            <Img src={`cid:${TABLE_CID}`} alt="" width="72" height="72" style={{ display: 'block' }} />
          </td>
          <td style={{ paddingLeft: '16px' }}>
            <Text
              className="enamel"
              style={{
                margin: 0,
                fontFamily: serif,
                fontSize: '19px',
                lineHeight: '24px',
                fontWeight: 600,
                color: light.enamel,
              }}
            >
              {event}
            </Text>
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function Code({ code }: { code: string }): ReactNode {
  return (
    <Section
      className="sheet hairline"
      style={{
        margin: '4px 0 24px',
        backgroundColor: light.sheet,
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

/** What, when and where; where it was before, struck out. */
function CafeCard({
  cafe,
  before,
  locale,
}: {
  cafe: NonNullable<Sheet['cafe']>;
  before: Sheet['before'];
  locale: Sheet['locale'];
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

/** Dark on white in every theme: a door reads it from the screen. */
function Ticket({ locale }: { locale: Sheet['locale'] }): ReactNode {
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

function List({ list: { heading, items, note } }: { list: NonNullable<Sheet['list']> }): ReactNode {
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

/** Buttons as wide as a phone, 48 px tall, the first one filled. */
function Actions({ actions }: { actions: Sheet['actions'] }): ReactNode {
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

function Foot({ event, footer }: { event: string; footer: Sheet['footer'] }): ReactNode {
  const fine: CSSProperties = { ...small, fontSize: '14px', lineHeight: '20px' };
  return (
    <>
      <Hr className="hairline" style={{ margin: '32px 0 12px', borderTop: `1px solid ${light.hairline}` }} />
      <Text className="quiet" style={fine}>
        {event}
      </Text>
      {footer && (
        <Text className="quiet" style={fine}>
          {footer.text}{' '}
          {footer.link && (
            <Link
              href={footer.link.url}
              className="enamel"
              style={{ color: light.enamel, textDecoration: 'underline' }}
            >
              {footer.link.label}
            </Link>
          )}
        </Text>
      )}
    </>
  );
}
