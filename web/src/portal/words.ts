/* Words of the public's pages. Labels of the rulebook come from the server in both languages. */
import { wordsOf } from '../common/lang'
import { commonWords } from '../common/words'

const words = {
  ...commonWords,
  site: ['公共资源交易投诉举报', 'Complaints and reports on public-resource trading'],
  home: ['首页', 'Home'],
  elder: ['长辈版', 'Large text'],
  normal: ['标准版', 'Normal text'],
  staff: ['工作人员登录', 'Staff sign-in'],
  menu: ['导航', 'Navigation'],
  intro: [
    '工程招标、政府采购、土地矿权、国有产权交易中遇到违法违规，可以在这里反映，并随时查看办理进度。',
    'Tell us about breaches in tenders, procurement, land, mining or state-property trading, and follow what is done.'
  ],
  complaint: ['我要投诉', 'File a complaint'],
  complaintHint: [
    '您参与了交易或有利害关系。需要实名，办理结果会告知您。',
    'You took part or have an interest. Your real name is needed, and you are told the outcome.'
  ],
  report: ['我要举报', 'File a report'],
  reportHint: [
    '您掌握违法违规线索。可以匿名；留下的身份信息密封保存。',
    'You know of a breach. You may stay anonymous; an identity you leave is sealed.'
  ],
  follow: ['查询进度', 'Follow a filing'],
  followHint: [
    '凭回执码查看进度，补充材料、补正或撤回。',
    'With the receipt code: see progress, add materials, correct or withdraw.'
  ],
  paper: ['公文核验', 'Check a paper'],
  paperHint: [
    '扫描公文上的二维码，或输入其旁的核验码，确认文号、日期和发文机关。这里不显示公文内容。',
    'Scan the code on a paper or enter the check code beside it. You see number, date and body, never the content.'
  ],
  checkCode: ['核验码', 'Check code'],
  checkCodeWrong: ['请按公文上的核验码输入。', 'Enter the check code as printed on the paper.'],
  checkIt: ['核验', 'Check'],
  checkValid: ['真实有效', 'Genuine'],
  checkValidHint: ['本公文由下列机关印发，信息与系统登记一致。', 'Issued by the body below; it agrees with the record.'],
  checkUnknown: ['查无此公文', 'No such paper'],
  checkUnknownHint: [
    '请核对核验码。如核验码无误，请勿采信该公文，并向发文机关核实。',
    'Check the code again. If it is right, do not trust the paper and ask the issuing body.'
  ],
  checkAgain: ['核验另一份', 'Check another'],
  paperNumber: ['文号', 'Number'],
  noNumber: ['不编号', 'No number'],
  paperDate: ['成文日期', 'Date'],
  paperOrg: ['发文机关', 'Issued by'],
  paperDigest: ['公文数字摘要', 'Digest of the paper'],
  digestHint: ['手中电子文件的摘要应与此相同。', 'A file you hold must have the same digest.'],
  fileCheck: ['比对电子文件', 'Compare a file'],
  fileSame: ['一致：这就是印发的公文。', 'The same: this is the issued paper.'],
  fileDiffers: ['不一致：该文件不是印发的公文，或已被改动。', 'Different: not the issued paper, or it was changed.'],
  papers: ['送达您的公文', 'Papers for you'],
  paperIssued: ['{0} 印发', 'Issued {0}'],
  openPaper: ['下载 PDF', 'Download PDF'],
  paperSoon: ['正在生成，请稍后再看', 'Being made; look again soon'],
  how: ['办理流程', 'What happens then'],
  how1: ['提交后立即得到回执码', 'You get a receipt code at once'],
  how2: ['受理部门依法定期限审查', 'The body examines it within the statutory time'],
  how3: ['属其他部门职责的，书面告知并移送', 'If another body is competent, you are told and it is handed over'],
  how4: ['办结后可凭码查看结果', 'The outcome can be read with the code'],
  about: ['基本情况', 'What it is about'],
  identity: ['您的身份与联系方式', 'Who you are'],
  identityReal: [
    '仅受理部门可见，用于核实和告知结果。',
    'Seen only by the receiving body, to verify and to tell you the outcome.'
  ],
  anonymousAsk: ['是否留下身份信息', 'Do you want to leave your identity?'],
  anonymous: ['匿名举报', 'Stay anonymous'],
  named: ['留下身份信息（密封保存）', 'Leave it, sealed'],
  anonymousHint: [
    '不收集您的姓名和电话。请务必保存回执码：它是您了解进度、补充线索的唯一方式。',
    'Neither name nor telephone is asked for. Keep the receipt code: it is your only way to follow and to add.'
  ],
  sealedHint: [
    '单独加密保存，不出现在任何列表、搜索或统计中。只有指定人员说明理由后才能启封，每次启封和查看都留下记录。',
    'Kept encrypted; no list, search or figure shows it. Named staff may unseal it with a reason; all is recorded.'
  ],
  suggestion: ['该类别由{0}主管。', 'This category belongs to {0}.'],
  useIt: ['选择该部门', 'Choose this body'],
  uploading: ['文件正在上传，请稍候…', 'Files are still on their way…'],
  sending: ['正在提交…', 'Sending…'],
  honest: [
    '请如实反映情况。诬告陷害须承担法律责任。',
    'Please tell the truth. False accusation has legal consequences.'
  ],
  filed: ['已收到', 'Received'],
  yourCode: ['您的回执码', 'Your receipt code'],
  codeOnce: [
    '回执码只显示这一次，我们也无法找回。请现在抄下、复制或打印。',
    'The code is shown this once, and we cannot recover it. Write it down, copy it or print it now.'
  ],
  copy: ['复制', 'Copy'],
  copied: ['已复制', 'Copied'],
  receivedAt: ['收到时间', 'Received'],
  promises: ['接下来的办理期限', 'What is due next'],
  before: ['最迟 {0}', 'By {0}'],
  goFollow: ['查看办理进度', 'Follow it now'],
  another: ['再提交一件', 'File another'],
  code: ['回执码', 'Receipt code'],
  codeForm: ['16 位数字，空格可有可无。', '16 digits; blanks do not matter.'],
  codeWrong: ['回执码应为 16 位数字。', 'The receipt code has 16 digits.'],
  look: ['查询', 'Look'],
  now: ['目前', 'Now'],
  progress: ['办理进度', 'Progress'],
  clocks: ['期限', 'Deadlines'],
  noClocks: ['目前没有在计的期限。', 'No deadline is running.'],
  facts: ['您反映的内容与告知', 'What you wrote, and what you were told'],
  materials: ['材料', 'Materials'],
  noMaterials: ['没有材料', 'No materials'],
  actions: ['您可以', 'You can'],
  noActions: ['目前没有需要您办理的事项。', 'There is nothing for you to do now.'],
  done: ['已办理：{0}', 'Done: {0}'],
  otherCode: ['查询另一件', 'Follow another'],
  confidential: ['限知', 'Restricted'],
  sealed: ['密封', 'Sealed'],
  source: ['本页由公共资源交易监督管理部门提供', 'A service of the bodies that supervise public-resource trading']
} as const
export type Word = keyof typeof words
export const t = wordsOf(words)
