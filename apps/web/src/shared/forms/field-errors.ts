import type { PageLocale } from '../words/index.ts';

/** The most characters that the API accepts (libs/contract). */
const LENGTH_MAX = { name: 120, organisation: 160, email: 254 };

/** The kinds of fields that a form checks. */
export type FieldKind = 'name' | 'organisation' | 'email' | 'code' | 'confirmation';

/** The code of an error of a field. `refused`: the API refused the value for a reason that the page does not check. */
export type FieldErrorCode = 'missing' | 'long' | 'incomplete' | 'refused';

/** Checks a typed value. Returns the code of its error; undefined if there is none. @param expected the right value of a confirmation */
export function checkValue(
  kind: FieldKind,
  typed: string,
  { required = false, expected = '' } = {},
): FieldErrorCode | undefined {
  const value = typed.trim();
  if (kind === 'confirmation') return value.toLowerCase() === expected.toLowerCase() ? undefined : 'incomplete';
  if (value === '') return required ? 'missing' : undefined;
  if (kind === 'code') return /^\p{Nd}{6,8}$/u.test(value.replace(/[\s\p{Pd}\p{Cf}]/gu, '')) ? undefined : 'incomplete';
  if (value.length > LENGTH_MAX[kind]) return 'long';
  return kind === 'email' && !/^[^@].*@[^@]*[^@\s.]$/u.test(value) ? 'incomplete' : undefined;
}

type Texts = Record<FieldKind, Partial<Record<FieldErrorCode, string>> & { refused: string }> & {
  /** The heading of the list of errors. */
  summary: string;
};

const TEXTS: Record<PageLocale, Texts> = {
  fr: {
    summary: 'Il reste à corriger',
    name: {
      missing: 'Il manque le nom.',
      long: `Ce nom est trop long : ${LENGTH_MAX.name} caractères au plus.`,
      refused: 'Ce nom ne peut pas être repris tel quel : écrivez-le sans lien ni caractère invisible.',
    },
    organisation: {
      long: `Le nom de cet organisme est trop long : ${LENGTH_MAX.organisation} caractères au plus.`,
      refused: 'Ce nom d’organisme ne peut pas être repris tel quel : écrivez-le sans lien ni caractère invisible.',
    },
    email: {
      missing: 'Il manque l’adresse e-mail.',
      incomplete: 'Cette adresse n’est pas complète : elle s’écrit comme nom@exemple.org.',
      long: `Cette adresse est trop longue : ${LENGTH_MAX.email} caractères au plus.`,
      refused: 'Nos messages ne peuvent pas arriver à cette adresse : vérifiez chaque caractère.',
    },
    code: {
      missing: 'Il manque le code du message.',
      incomplete: 'Le code est fait de six à huit chiffres.',
      refused: 'Le code est fait de six à huit chiffres.',
    },
    confirmation: {
      incomplete: 'Ce n’est pas l’adresse de votre compte.',
      refused: 'Ce n’est pas l’adresse de votre compte.',
    },
  },
  en: {
    summary: 'There is something to correct',
    name: {
      missing: 'Enter the name.',
      long: `This name is too long: it can have ${LENGTH_MAX.name} characters at most.`,
      refused: 'This name cannot be taken as it is: write it without links or invisible characters.',
    },
    organisation: {
      long: `The name of this organisation is too long: it can have ${LENGTH_MAX.organisation} characters at most.`,
      refused: 'This organisation cannot be taken as it is: write it without links or invisible characters.',
    },
    email: {
      missing: 'Enter the e-mail address.',
      incomplete: 'This address is not complete: it looks like name@example.org.',
      long: `This address is too long: it can have ${LENGTH_MAX.email} characters at most.`,
      refused: 'Our messages cannot reach this address: check each character.',
    },
    code: {
      missing: 'Enter the code of the message.',
      incomplete: 'The code has six to eight digits.',
      refused: 'The code has six to eight digits.',
    },
    confirmation: {
      incomplete: 'This is not the address of your account.',
      refused: 'This is not the address of your account.',
    },
  },
  es: {
    summary: 'Queda algo por corregir',
    name: {
      missing: 'Falta el nombre.',
      long: `Este nombre es demasiado largo: ${LENGTH_MAX.name} caracteres como máximo.`,
      refused: 'No podemos usar este nombre tal como está: escríbalo sin enlaces ni caracteres invisibles.',
    },
    organisation: {
      long: `El nombre de esta organización es demasiado largo: ${LENGTH_MAX.organisation} caracteres como máximo.`,
      refused: 'No podemos usar esta organización tal como está: escríbala sin enlaces ni caracteres invisibles.',
    },
    email: {
      missing: 'Falta la dirección de correo.',
      incomplete: 'Esta dirección no está completa: se escribe como nombre@ejemplo.org.',
      long: `Esta dirección es demasiado larga: ${LENGTH_MAX.email} caracteres como máximo.`,
      refused: 'Nuestros mensajes no pueden llegar a esta dirección: compruebe cada carácter.',
    },
    code: {
      missing: 'Falta el código del mensaje.',
      incomplete: 'El código tiene de seis a ocho cifras.',
      refused: 'El código tiene de seis a ocho cifras.',
    },
    confirmation: {
      incomplete: 'No es la dirección de su cuenta.',
      refused: 'No es la dirección de su cuenta.',
    },
  },
  pt: {
    summary: 'Ainda há algo a corrigir',
    name: {
      missing: 'Falta o nome.',
      long: `Este nome é demasiado longo: ${LENGTH_MAX.name} caracteres no máximo.`,
      refused: 'Este nome não pode ser usado tal como está: escreva-o sem ligações nem caracteres invisíveis.',
    },
    organisation: {
      long: `O nome desta organização é demasiado longo: ${LENGTH_MAX.organisation} caracteres no máximo.`,
      refused: 'Esta organização não pode ser usada tal como está: escreva-a sem ligações nem caracteres invisíveis.',
    },
    email: {
      missing: 'Falta o endereço de e-mail.',
      incomplete: 'Este endereço não está completo: escreve-se como nome@exemplo.org.',
      long: `Este endereço é demasiado longo: ${LENGTH_MAX.email} caracteres no máximo.`,
      refused: 'As nossas mensagens não podem chegar a este endereço: verifique cada carácter.',
    },
    code: {
      missing: 'Falta o código da mensagem.',
      incomplete: 'O código tem de seis a oito algarismos.',
      refused: 'O código tem de seis a oito algarismos.',
    },
    confirmation: {
      incomplete: 'Não é o endereço da sua conta.',
      refused: 'Não é o endereço da sua conta.',
    },
  },
  ar: {
    summary: 'بقي ما يلزم تصحيحه',
    name: {
      missing: 'الاسم ناقص.',
      long: `هذا الاسم طويل جدًا: ${LENGTH_MAX.name} حرفًا على الأكثر.`,
      refused: 'لا يمكن قبول هذا الاسم كما هو: اكتبوه دون روابط ولا رموز غير مرئية.',
    },
    organisation: {
      long: `اسم الهيئة طويل جدًا: ${LENGTH_MAX.organisation} حرفًا على الأكثر.`,
      refused: 'لا يمكن قبول اسم الهيئة كما هو: اكتبوه دون روابط ولا رموز غير مرئية.',
    },
    email: {
      missing: 'عنوان البريد ناقص.',
      incomplete: 'هذا العنوان غير كامل: يُكتب مثل \u2068name@example.org\u2069.',
      long: `هذا العنوان طويل جدًا: ${LENGTH_MAX.email} حرفًا على الأكثر.`,
      refused: 'لا يمكن أن تصل رسائلنا إلى هذا العنوان: تحققوا من كل حرف.',
    },
    code: {
      missing: 'رمز الرسالة ناقص.',
      incomplete: 'الرمز من ستة إلى ثمانية أرقام.',
      refused: 'الرمز من ستة إلى ثمانية أرقام.',
    },
    confirmation: {
      incomplete: 'هذا ليس عنوان حسابكم.',
      refused: 'هذا ليس عنوان حسابكم.',
    },
  },
};

/** Returns the text of an error of a field, in the language of the page. */
export function fieldErrorText(locale: PageLocale, kind: FieldKind, code: FieldErrorCode): string {
  const text = TEXTS[locale][kind][code] ?? TEXTS[locale][kind].refused;
  return locale === 'fr' ? text.replaceAll(' :', '\u00a0:') : text;
}

/** Returns the heading of the list of errors of a form. */
export function summaryTitle(locale: PageLocale): string {
  return TEXTS[locale].summary;
}
